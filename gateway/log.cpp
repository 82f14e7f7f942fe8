#include "gateway/log.h"

#include <memory>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "gateway/audit/json_line.h"

namespace gateway {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    append_escaped(out, text);
    return out;
}

}  // namespace

void log_info(std::string_view text) {
    spdlog::info(escaped(text));
}

void log_warning(std::string_view text) {
    spdlog::warn(escaped(text));
}

void log_error(std::string_view text) {
    spdlog::error(escaped(text));
}

void log_problem(policy::Reason reason, std::string_view request_id, std::string_view context) {
    spdlog::warn("request {}: {}: {}", escaped(request_id), policy::word(reason), escaped(context));
}

void start_log() {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("sallyport", std::move(sink)));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

}  // namespace gateway
