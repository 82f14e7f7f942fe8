#include "policy/http/reserved_names.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

// IDF-001, IDF-006
TEST(ReservedNames, HoldEverythingABackendMightTakeForTheTruth) {
    const ReservedNames reserved;

    for (const auto name : {"X-Forwarded-For",
                            "X-Forwarded-User",
                            "X-Forwarded-",
                            "Forwarded",
                            "X-Real-IP",
                            "X-Client-IP",
                            "Client-IP",
                            "True-Client-IP",
                            "CF-Connecting-IP",
                            "X-Cluster-Client-IP",
                            "X-Original-URL",
                            "X-Rewrite-URL",
                            "X-Original-URI",
                            "X-HTTP-Method",
                            "X-HTTP-Method-Override",
                            "X-Method-Override",
                            "X-Request-ID",
                            "X-Remote-User",
                            "Remote-User",
                            "X-Auth-Request-Email",
                            "X-Authenticated-User",
                            "SSL-Client-Cert",
                            "X-SSL-Client-S-DN",
                            "Client-Cert",
                            "Client-Cert-Chain",
                            "Proxy",
                            "Proxy-Client-IP",
                            "WL-Proxy-Client-Cert",
                            "WL-Proxy-Client-IP",
                            "WL-Proxy-SSL",
                            "X-ARR-ClientCert",
                            "X-Client-Cert",
                            "iv-user",
                            "iv-groups",
                            "iv-creds",
                            "X-Forwarded",
                            "Forwarded-For",
                            "X-Original-Host",
                            "X-Host",
                            "Front-End-Https",
                            "X-Url-Scheme",
                            "X-Scheme",
                            "X-Originating-IP",
                            "X-Remote-IP",
                            "X-Remote-Addr",
                            "X-Forwarded-Something-That-Is-Longer-Than-Any-Name-We-Know"}) {
        EXPECT_TRUE(reserved.contains(name)) << name;
    }
}

TEST(ReservedNames, LetOrdinaryFieldsGo) {
    const ReservedNames reserved;

    for (const auto name : {"",
                            "Host",
                            "Accept",
                            "Accept-Encoding",
                            "Accept-Language",
                            "User-Agent",
                            "Cookie",
                            "Referer",
                            "Origin",
                            "Content-Type",
                            "Content-Length",
                            "If-None-Match",
                            "Range",
                            "Authorization",
                            "Cache-Control",
                            "Sec-Fetch-Site",
                            "X-Requested-With",
                            "X-CSRF-Token",
                            "X-Forward",
                            "Forward",
                            "Forwarded-Fork",
                            "X-Hosts",
                            "X-Original",
                            "WL-Proxy",
                            "IV",
                            "Ivory",
                            "Front-End",
                            "Proxies",
                            "Client-Certs",
                            "X-Auth-Requests",
                            "SSL-Clients"}) {
        EXPECT_FALSE(reserved.contains(name)) << name;
    }
}

// IDF-002, CVE-2025-64484
TEST(ReservedNames, AreReservedInEverySpellingThatABackendFolds) {
    const ReservedNames reserved;

    for (const auto name :
         {"x_forwarded_for", "X-Forwarded_User", "X_REAL-ip", "x_original_url", "REMOTE_USER",
          "ssl_client_verify", "proxy", "iv_user", "wl_proxy_ssl"}) {
        EXPECT_TRUE(reserved.contains(name)) << name;
    }
}

TEST(ReservedNames, IncludeThoseOfThePolicy) {
    const ReservedNames reserved({"X-Auth_User", "Y-" + std::string(60, 'y'), ""});

    for (const auto name : {"X-Auth-User", "X_Auth_User", "x-AUTH_user"}) {
        EXPECT_TRUE(reserved.contains(name)) << name;
    }
    EXPECT_TRUE(reserved.contains("y_" + std::string(60, 'Y')));
    EXPECT_FALSE(reserved.contains("y-" + std::string(61, 'y')));
    EXPECT_FALSE(reserved.contains("X-Auth-Users"));
    EXPECT_FALSE(reserved.contains(""));
    EXPECT_TRUE(reserved.contains("X-Real-IP"));
}

// HTP-005
TEST(HopByHop, FieldsConcernOneConnection) {
    for (const auto name :
         {"Connection", "keep-alive", "Proxy-Connection", "TE", "Transfer-Encoding", "TRAILER",
          "Upgrade", "Proxy-Authenticate", "Proxy-Authorization"}) {
        EXPECT_TRUE(is_hop_by_hop(name)) << name;
    }
    for (const auto name :
         {"", "Host", "User-Agent", "Tea", "Trailers", "Authorization", "Content-Encoding",
          "Transfer-Encodings", "A-Name-That-Is-Much-Longer-Than-Any-Of-Them"}) {
        EXPECT_FALSE(is_hop_by_hop(name)) << name;
    }
}

// IDF-002
TEST(PlainName, HoldsLettersDigitsAndHyphens) {
    EXPECT_TRUE(is_plain_name("X-Custom-1"));
    for (const auto name : {"", "X_Custom", "X.Custom", "X Custom", "X~", "\xC3\xBC"}) {
        EXPECT_FALSE(is_plain_name(name)) << name;
    }
}

}  // namespace
}  // namespace policy
