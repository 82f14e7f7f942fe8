#include "gateway/admin/client.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace gateway::admin {
namespace {

struct Descriptor {
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
    int number;
};

tl::unexpected<policy::Error> fault(const std::filesystem::path& socket) {
    const std::string why = errno == EAGAIN ? "no answer in time" : std::strerror(errno);
    return policy::fail(policy::Reason::Internal, socket.string() + ": " + why);
}

}  // namespace

policy::Result<std::string> ask(const std::filesystem::path& socket, const std::string& command) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto name = socket.string();
    if (name.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return fault(socket);
    }
    std::memcpy(address.sun_path, name.c_str(), name.size() + 1);

    const Descriptor link{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const timeval patience{30, 0};
    ::setsockopt(link.number, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(link.number, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const auto* const where = reinterpret_cast<const sockaddr*>(&address);
    if (link.number < 0 || ::connect(link.number, where, sizeof address) != 0) return fault(socket);
    const auto line = command + "\n";
    if (::send(link.number, line.data(), line.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(line.size()))
        return fault(socket);

    std::string answer;
    std::array<char, 16'384> part;
    for (;;) {
        const auto got = ::recv(link.number, part.data(), part.size(), 0);
        if (got < 0) return fault(socket);
        if (got == 0) break;
        answer.append(part.data(), static_cast<std::size_t>(got));
    }
    if (answer.empty()) return policy::fail(policy::Reason::Internal, name + ": we are not let in");
    return answer;
}

}  // namespace gateway::admin
