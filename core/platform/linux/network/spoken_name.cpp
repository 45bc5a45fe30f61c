#include "core/platform/linux/network/spoken_name.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/base/host_name.h"

namespace belljar::linux_platform {
namespace {

using State = SpokenName::State;

constexpr const char* kTls = "TLS";
constexpr const char* kHttp = "HTTP";
constexpr char kHandshake = 0x16;  ///< Type of a record of TLS.

SpokenName unnamed(const char* way, const char* problem)
{
    return {State::unnamed, {}, way, problem};
}

SpokenName named(const char* way, std::string_view text)
{
    Result<std::string> name = parseHostName(text);
    if (!name) return unnamed(way, "what it names is no host");
    return {State::named, std::move(name).value(), way};
}

std::uint8_t byteAt(std::string_view bytes, std::size_t at)
{
    return static_cast<std::uint8_t>(bytes[at]);
}

/// Takes what a length of `width` bytes stands before; nullopt when it is not all there.
std::optional<std::string_view> takeVector(std::string_view& bytes, std::size_t width)
{
    if (bytes.size() < width) return std::nullopt;
    std::size_t length = 0;
    for (std::size_t i = 0; i < width; ++i) length = length << 8U | byteAt(bytes, i);
    if (bytes.size() - width < length) return std::nullopt;
    const std::string_view found = bytes.substr(width, length);
    bytes.remove_prefix(width + length);
    return found;
}

/// The names of one server_name extension (RFC 6066).
SpokenName serverName(std::string_view extension)
{
    const std::optional<std::string_view> list = takeVector(extension, 2);
    if (!list || !extension.empty() || list->empty()) return unnamed(kTls, "its server name cannot be read");
    std::string_view rest = *list;
    const std::uint8_t type = byteAt(rest, 0);
    rest.remove_prefix(1);
    const std::optional<std::string_view> name = takeVector(rest, 2);
    if (!name || type != 0 || !rest.empty()) return unnamed(kTls, "its server name cannot be read");
    return named(kTls, *name);
}

/// A whole ClientHello without its header (RFC 8446).
SpokenName helloName(std::string_view hello)
{
    constexpr std::size_t kVersionAndRandom = 34;
    constexpr const char* kBroken = "its hello cannot be read";
    if (hello.size() < kVersionAndRandom) return unnamed(kTls, kBroken);
    hello.remove_prefix(kVersionAndRandom);
    const bool right = takeVector(hello, 1) && takeVector(hello, 2) && takeVector(hello, 1);
    std::optional<std::string_view> extensions = right ? takeVector(hello, 2) : std::nullopt;
    if (right && hello.empty() && !extensions) return unnamed(kTls, "it names no server");
    if (!extensions || !hello.empty()) return unnamed(kTls, kBroken);
    std::optional<SpokenName> found;
    while (!extensions->empty()) {
        if (extensions->size() < 2) return unnamed(kTls, kBroken);
        const unsigned type = unsigned{byteAt(*extensions, 0)} << 8U | byteAt(*extensions, 1);
        extensions->remove_prefix(2);
        const std::optional<std::string_view> extension = takeVector(*extensions, 2);
        if (!extension) return unnamed(kTls, kBroken);
        if (type != 0) continue;
        if (found) return unnamed(kTls, "it names two servers");
        found = serverName(*extension);
    }
    return found.value_or(unnamed(kTls, "it names no server"));
}

/// The hello may be spread over records of any size.
SpokenName tlsName(std::string_view bytes)
{
    constexpr std::size_t kRecordHeader = 5;
    constexpr std::size_t kHelloHeader = 4;
    constexpr std::size_t kLargestRecord = 1U << 14U;
    constexpr char kClientHello = 1;
    std::string hello;
    for (;;) {
        if (bytes.size() < kRecordHeader) return {};
        const std::size_t length = static_cast<std::size_t>(byteAt(bytes, 3)) << 8U | byteAt(bytes, 4);
        if (bytes[0] != kHandshake || bytes[1] != 3 || length == 0 || length > kLargestRecord)
            return unnamed(kTls, "it does not begin with a hello");
        hello += bytes.substr(kRecordHeader, length);
        if (!hello.empty() && hello[0] != kClientHello) return unnamed(kTls, "it does not begin with a hello");
        if (hello.size() >= kHelloHeader) {
            std::string_view rest = std::string_view(hello).substr(1);
            if (const std::optional<std::string_view> whole = takeVector(rest, 3)) return helloName(*whole);
        }
        if (bytes.size() - kRecordHeader < length) return {};
        bytes.remove_prefix(kRecordHeader + length);
        if (bytes.empty()) return {};
    }
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

/// A letter of a method or a header's name (RFC 9110).
bool isTokenLetter(char c)
{
    constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kOthers.find(c) != std::string_view::npos;
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
    while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
    return text;
}

/// Takes a line without its end; nullopt when that has not come.
std::optional<std::string_view> takeLine(std::string_view& bytes)
{
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// "host" of "host:80".
std::string_view withoutPort(std::string_view authority)
{
    const std::size_t colon = authority.rfind(':');
    const bool port = colon != std::string_view::npos &&
                      authority.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    return port ? authority.substr(0, colon) : authority;
}

/// The host in the target of a request, if it has one: "GET http://host/path HTTP/1.1".
std::optional<std::string> targetHost(std::string_view line)
{
    const std::size_t scheme = line.find("://");
    if (scheme == std::string_view::npos) return std::nullopt;
    // A slash before it: a path that holds an address.
    const std::size_t target = line.find_first_of(" \t");
    if (target != std::string_view::npos && line.substr(target, scheme - target).find('/') != std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = line.substr(scheme + 3);
    return lower(withoutPort(rest.substr(0, rest.find_first_of("/?# \t"))));
}

/// Headers, up to the empty line.
SpokenName hostOf(std::string_view rest, const std::optional<std::string>& target)
{
    std::optional<std::string> host;
    for (;;) {
        const std::optional<std::string_view> line = takeLine(rest);
        if (!line) return {};
        if (line->empty()) break;
        const std::size_t colon = line->find(':');
        const std::string_view name = line->substr(0, colon);
        const bool odd = colon == std::string_view::npos || name.empty() ||
                         !std::all_of(name.begin(), name.end(), isTokenLetter) ||
                         line->find_first_of(std::string_view("\r\0", 2)) != std::string_view::npos;
        if (odd) return unnamed(kHttp, "its headers can be read in several ways");
        if (lower(name) != "host") continue;
        if (host) return unnamed(kHttp, "it names two hosts");
        host = lower(withoutPort(trimmed(line->substr(colon + 1))));
    }
    if (!host) return unnamed(kHttp, "it names no host");
    if (target && *target != *host) return unnamed(kHttp, "it names two hosts");
    return named(kHttp, *host);
}

SpokenName httpName(std::string_view bytes)
{
    constexpr std::size_t kLongestMethod = 32;
    // Servers pass over empty lines before a request.
    const std::size_t begin = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
    bytes.remove_prefix(begin);
    const auto end = std::find_if_not(bytes.begin(), bytes.end(), isTokenLetter);
    const auto length = static_cast<std::size_t>(end - bytes.begin());
    if (length > kLongestMethod) return {State::other};
    if (end == bytes.end()) return {};
    if (length == 0 || !isBlank(*end)) return {State::other};
    const std::string_view method = bytes.substr(0, length);
    const std::optional<std::string_view> line = takeLine(bytes);
    if (!line) return {};
    const bool hasVersion = lower(*line).find("http/") != std::string::npos;
    // The very first HTTP had none, and no headers.
    if (!hasVersion) return lower(method) == "get" ? unnamed(kHttp, "it names no host") : SpokenName{State::other};
    if (method == "PRI") return unnamed(kHttp, "version 2 without TLS hides the host");
    if (line->find_first_of(std::string_view("\r\0", 2)) != std::string_view::npos)
        return unnamed(kHttp, "its request can be read in several ways");
    return hostOf(bytes, targetHost(*line));
}

SpokenName read(std::string_view bytes)
{
    if (bytes.empty()) return {};
    const std::uint8_t first = byteAt(bytes, 0);
    constexpr std::uint8_t kLeastType = 0x14;
    constexpr std::uint8_t kMostType = 0x18;
    if (first == kHandshake) return tlsName(bytes);
    if (first >= kLeastType && first <= kMostType) {
        if (bytes.size() < 2) return {};
        return bytes[1] == 3 ? unnamed(kTls, "it does not begin with a hello") : SpokenName{State::other};
    }
    if ((first & 0x80U) != 0) {
        // The hello of SSL 2, which some servers of later versions still take; it has no name.
        constexpr std::size_t kOldHello = 4;
        if (bytes.size() < kOldHello) return {};
        const bool isOld = bytes[2] == 1 && bytes[3] <= 3 && bytes[3] >= 0;
        return isOld ? unnamed(kTls, "it names no server") : SpokenName{State::other};
    }
    return httpName(bytes);
}

}  // namespace

SpokenName spokenName(std::string_view bytes, bool isAll)
{
    SpokenName found = read(bytes);
    if (found.state != State::more) return found;
    const bool isLong = bytes.size() >= kMostSpoken;
    if (!isLong && !isAll) return found;
    const bool isTls = !bytes.empty() && bytes[0] == kHandshake;
    if (isLong) return unnamed(isTls ? kTls : kHttp, "its beginning is too long");
    if (isTls) return unnamed(kTls, "its hello has no end");
    // A request may have ended early; what is none by then never was.
    found = read(std::string(bytes) + "\r\n\r\n");
    return found.state == State::more ? SpokenName{State::other} : found;
}

}  // namespace belljar::linux_platform
