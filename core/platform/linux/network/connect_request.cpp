#include "core/platform/linux/network/connect_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/base/host_name.h"

namespace belljar::linux_platform {
namespace {

using State = ConnectRequest::State;
using namespace http_status;

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::uint16_t kHttpPort = 80;

/// What stays between a program and its proxy.
constexpr std::array<std::string_view, 9> kHopHeaders{
    "connection", "http2-settings", "keep-alive", "proxy-authorization", "proxy-authenticate", "proxy-connection",
    "te",         "trailer",        "upgrade"};
/// What says where a request goes and ends, which nobody takes out.
constexpr std::array<std::string_view, 3> kFrameHeaders{"content-length", "host", "transfer-encoding"};

/// Of a method or a header's name (RFC 9110).
bool isTokenLetter(char c)
{
    constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kOthers.find(c) != std::string_view::npos;
}

bool isToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenLetter);
}

bool isVisible(char c)
{
    return c > ' ' && c < '\x7f';
}

/// Of a header's value; letters beyond ASCII are opaque.
bool isValueLetter(char c)
{
    return c == '\t' || c == ' ' || isVisible(c) || static_cast<unsigned char>(c) >= 0x80U;
}

std::string lower(std::string_view text)
{
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return made;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t";
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

template <typename Number>
std::optional<Number> numberIn(std::string_view digits)
{
    Number value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool isWhole = error == std::errc() && end == digits.data() + digits.size();
    return isWhole ? std::optional(value) : std::nullopt;
}

/// "host", "host:80", "[::1]:80".
struct Authority {
    std::string host;
    std::optional<IpNetwork> address;
    std::uint16_t port = 0;
    bool operator==(const Authority&) const = default;
};

/// `usualPort` 0: one has to stand there.
std::optional<Authority> readAuthority(std::string_view text, std::uint16_t usualPort)
{
    Authority made;
    const bool isBracketed = text.starts_with('[');
    const std::size_t bracket = isBracketed ? text.find(']') : std::string_view::npos;
    if (isBracketed && bracket == std::string_view::npos) return std::nullopt;
    const std::size_t end = isBracketed ? bracket + 1 : std::min(text.find(':'), text.size());
    const std::string_view host = isBracketed ? text.substr(1, bracket - 1) : text.substr(0, end);
    std::string_view rest = text.substr(end);
    made.port = usualPort;
    if (!rest.empty()) {
        const std::optional<std::uint16_t> port = numberIn<std::uint16_t>(rest.substr(1));
        if (rest.front() != ':' || !port) return std::nullopt;
        made.port = *port;
    }
    if (made.port == 0) return std::nullopt;
    const bool hasPrefix = host.find('/') != std::string_view::npos;
    if (const Result<IpNetwork> address = parseIpNetwork(host); address && !hasPrefix) {
        if (address->isIpv6 != isBracketed) return std::nullopt;
        made.address = withoutMapping(*address);
        return made;
    }
    const Result<std::string> name = parseHostName(host);
    if (isBracketed || !name) return std::nullopt;
    made.host = *name;
    return made;
}

struct Header {
    std::string name;  ///< In lower case.
    std::string_view line;
    std::string_view value;
};

class RequestReader {
public:
    /// `head` ends with an empty line.
    explicit RequestReader(std::string_view head) : m_rest(head.substr(0, head.size() - kLineEnd.size()))
    {
        m_made.size = head.size();
    }

    ConnectRequest read()
    {
        m_made.state = State::whole;
        if (readLine() && readHeaders() && takeFrame()) finish();
        return std::move(m_made);
    }

private:
    bool refuse(int status, const char* problem)
    {
        m_made = {};
        m_made.state = State::bad;
        m_made.status = status;
        m_made.problem = problem;
        return false;
    }

    std::string_view nextLine()
    {
        const std::size_t end = m_rest.find(kLineEnd);
        const std::string_view line = m_rest.substr(0, end);
        m_rest.remove_prefix(end + kLineEnd.size());
        return line;
    }

    bool readLine()
    {
        const std::string_view line = nextLine();
        const std::size_t first = line.find(' ');
        const std::size_t last = line.rfind(' ');
        if (first == std::string_view::npos || first == last)
            return refuse(kBadRequest, "its first line is no request");
        m_method = line.substr(0, first);
        m_target = line.substr(first + 1, last - first - 1);
        m_version = line.substr(last + 1);
        if (!isToken(m_method) || m_target.empty() || !std::all_of(m_target.begin(), m_target.end(), isVisible))
            return refuse(kBadRequest, "its first line is no request");
        if (m_version != "HTTP/1.1" && m_version != "HTTP/1.0")
            return refuse(m_version.starts_with("HTTP/") ? kVersion : kBadRequest,
                          "its version is not HTTP/1.0 or HTTP/1.1");
        m_made.isTunnel = m_method == "CONNECT";
        return m_made.isTunnel ? readTunnel() : readAddress();
    }

    bool readTunnel()
    {
        const std::optional<Authority> peer = readAuthority(m_target, 0);
        if (!peer) return refuse(kBadRequest, "CONNECT wants a host and a port");
        m_peer = *peer;
        return true;
    }

    bool readAddress()
    {
        constexpr std::string_view kScheme = "http://";
        if (lower(m_target.substr(0, kScheme.size())) != kScheme)
            return refuse(kBadRequest, "a proxy wants the whole address, http://host/path, or CONNECT host:port");
        const std::string_view rest = m_target.substr(kScheme.size());
        const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
        const std::optional<Authority> peer = readAuthority(rest.substr(0, end), kHttpPort);
        if (!peer) return refuse(kBadRequest, "its address names no host that can be looked up");
        if (rest.find('#') != std::string_view::npos) return refuse(kBadRequest, "its address has a part for browsers");
        m_peer = *peer;
        m_path = rest.substr(end);
        if (m_path.empty() && m_method == "OPTIONS") m_path = "*";
        else if (!m_path.starts_with('/')) m_path = "/" + m_path;
        return true;
    }

    bool readHeaders()
    {
        while (!m_rest.empty()) {
            if (m_headers.size() == kMostHeaders) return refuse(kHeadTooLarge, "it has too many headers");
            const std::string_view line = nextLine();
            const std::size_t colon = std::min(line.find(':'), line.size());
            const std::string_view name = line.substr(0, colon);
            if (colon == line.size() || !isToken(name))
                return refuse(kBadRequest, "a header can be read in several ways");
            m_headers.push_back({lower(name), line, trimmed(line.substr(colon + 1))});
        }
        return true;
    }

    /// The only one of that name; nullopt: none. `count` is how many there are.
    std::optional<std::string_view> valueOf(std::string_view name, std::size_t& count) const
    {
        std::optional<std::string_view> found;
        count = 0;
        for (const Header& header : m_headers) {
            if (header.name != name) continue;
            ++count;
            found = header.value;
        }
        return found;
    }

    bool takeFrame()
    {
        std::size_t hosts = 0;
        std::size_t lengths = 0;
        std::size_t codings = 0;
        const std::optional<std::string_view> host = valueOf("host", hosts);
        const std::optional<std::string_view> length = valueOf("content-length", lengths);
        const std::optional<std::string_view> coding = valueOf("transfer-encoding", codings);
        if (coding && length) return refuse(kBadRequest, "it says in two ways how long it is");
        if (coding) return refuse(kLengthRequired, "only requests with a Content-Length are passed on");
        if (lengths > 1) return refuse(kBadRequest, "it says twice how long it is");
        if (length) {
            const std::optional<std::uint64_t> size = numberIn<std::uint64_t>(*length);
            if (!size) return refuse(kBadRequest, "its Content-Length is no number");
            m_made.bodySize = *size;
        }
        if (m_made.isTunnel && m_made.bodySize != 0) return refuse(kBadRequest, "CONNECT has no body");
        if (hosts > 1) return refuse(kBadRequest, "it names two hosts");
        if (!host) {
            const bool needs = !m_made.isTunnel && m_version == "HTTP/1.1";
            return !needs || refuse(kBadRequest, "it has no Host header");
        }
        // Of CONNECT the port is often left out.
        const std::optional<Authority> said = readAuthority(*host, m_made.isTunnel ? m_peer.port : kHttpPort);
        return said == m_peer || refuse(kBadRequest, "its Host header names another host than its first line");
    }

    void finish()
    {
        m_made.host = m_peer.host;
        m_made.address = m_peer.address;
        m_made.port = m_peer.port;
        if (!m_made.isTunnel) writeHead();
    }

    void writeHead()
    {
        std::vector<std::string> hops(kHopHeaders.begin(), kHopHeaders.end());
        for (const Header& header : m_headers)
            if (header.name == "connection" && !addNamed(header.value, hops)) return;
        const auto stays = [&](const Header& header) {
            return header.name != "host" && std::find(hops.begin(), hops.end(), header.name) == hops.end();
        };
        std::string& head = m_made.head;
        head = fmt::format("{} {} {}\r\nHost: {}\r\n", m_method, m_path, m_version, hostText());
        for (const Header& header : m_headers)
            if (stays(header)) head.append(header.line).append(kLineEnd);
        head += "Connection: close\r\n\r\n";
    }

    /// Headers that another one calls the connection's own.
    bool addNamed(std::string_view list, std::vector<std::string>& hops)
    {
        while (!list.empty()) {
            const std::size_t comma = std::min(list.find(','), list.size());
            std::string name = lower(trimmed(list.substr(0, comma)));
            list.remove_prefix(std::min(comma + 1, list.size()));
            if (std::find(kFrameHeaders.begin(), kFrameHeaders.end(), name) != kFrameHeaders.end())
                return refuse(kBadRequest, "it calls a header its connection's own that says where it goes");
            hops.push_back(std::move(name));
        }
        return true;
    }

    [[nodiscard]] std::string hostText() const
    {
        std::string text = m_peer.host;
        if (m_peer.address) text = ipNetworkText(*m_peer.address);
        if (m_peer.address && m_peer.address->isIpv6) text = "[" + text + "]";
        return m_peer.port == kHttpPort ? text : fmt::format("{}:{}", text, m_peer.port);
    }

    std::string_view m_rest;
    ConnectRequest m_made;
    std::string_view m_method;
    std::string_view m_target;
    std::string_view m_version;
    std::string m_path;
    Authority m_peer;
    std::vector<Header> m_headers;
};

ConnectRequest bad(int status, const char* problem)
{
    ConnectRequest made;
    made.state = State::bad;
    made.status = status;
    made.problem = problem;
    return made;
}

const char* phraseOf(int status)
{
    switch (status) {
        case kForbidden: return "Forbidden";
        case kRequestTimeout: return "Request Timeout";
        case kLengthRequired: return "Length Required";
        case kHeadTooLarge: return "Request Header Fields Too Large";
        case kBadGateway: return "Bad Gateway";
        case kUnavailable: return "Service Unavailable";
        case kGatewayTimeout: return "Gateway Timeout";
        case kVersion: return "HTTP Version Not Supported";
        default: return "Bad Request";
    }
}

/// What stands in no head: control letters, and line ends that some take for one and others not.
bool isSane(std::string_view head)
{
    for (std::size_t i = 0; i < head.size(); ++i) {
        const bool endsLine = head[i] == '\r' && (i + 1 == head.size() || head[i + 1] == '\n');
        if (endsLine) ++i;
        else if (!isValueLetter(head[i])) return false;
    }
    return true;
}

}  // namespace

ConnectRequest readConnectRequest(std::string_view bytes)
{
    if (bytes.empty()) return {};
    if (!isTokenLetter(bytes.front())) return bad(kBadRequest, "it does not begin with a request");
    const std::size_t end = bytes.substr(0, kMostHead).find(kHeadEnd);
    const std::string_view head = bytes.substr(0, std::min(end, kMostHead));
    if (!isSane(head)) return bad(kBadRequest, "it holds control letters");
    if (end == std::string_view::npos && bytes.size() >= kMostHead) return bad(kHeadTooLarge, "its head is too long");
    if (end == std::string_view::npos) return {};
    return RequestReader(bytes.substr(0, end + kHeadEnd.size())).read();
}

std::string refusalText(int status, std::string_view why)
{
    const std::string body = fmt::format("Belljar: {}\n", why);
    return fmt::format(
        "HTTP/1.1 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: "
        "close\r\n\r\n{}",
        status, phraseOf(status), body.size(), body);
}

}  // namespace belljar::linux_platform
