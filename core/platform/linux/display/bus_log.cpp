#include "core/platform/linux/display/bus_log.h"

#include <algorithm>

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestPath = 1024;
constexpr std::size_t kLongestLine = 4096;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWordLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_';
}

/// Of a service, or an interface with its method.
bool isName(std::string_view text, std::size_t longest, std::string_view more)
{
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [&](char c) {
        return isWordLetter(c) || more.find(c) != std::string_view::npos;
    });
}

/// "C7: -> " and what follows; nullopt: the program has not sent that.
std::optional<std::string_view> sentBy(std::string_view line)
{
    constexpr std::string_view kArrow = ": -> ";
    const auto end = std::find_if_not(line.begin() + (line.empty() ? 0 : 1), line.end(), isDigit);
    const std::string_view rest = line.substr(static_cast<std::size_t>(end - line.begin()));
    if (!line.starts_with('C') || !rest.starts_with(kArrow)) return std::nullopt;
    return rest.substr(kArrow.size());
}

/// Up to the next blank, which is taken, too.
std::string_view takeWord(std::string_view& text)
{
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

}  // namespace

void BusLog::read(std::string_view bytes)
{
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view part = bytes.substr(0, end);
        m_isLong = m_isLong || m_line.size() + part.size() > kLongestLine;
        m_line += part.substr(0, kLongestLine - m_line.size());
        if (end == std::string_view::npos) return;
        bytes.remove_prefix(end + 1);
        takeLine(m_line);
        m_line.clear();
        m_isLong = false;
    }
}

void BusLog::decide()
{
    if (m_call) m_sink(*m_call);
    m_call.reset();
}

/// SERVICE call INTERFACE.METHOD at PATH
void BusLog::takeLine(std::string_view line)
{
    if (m_call)
        for (const std::string_view refusal : {"*DENIED*", "*HIDDEN*", "Filtering message due to arg0 "})
            m_call->refused |= line.starts_with(refusal);
    decide();
    std::optional<std::string_view> sent = sentBy(line);
    if (!sent) return;
    const std::string_view service = takeWord(*sent);
    const std::string_view what = takeWord(*sent);
    const std::string_view member = takeWord(*sent);
    const std::string_view at = takeWord(*sent);
    const bool isOwn = what == "fake" && service == "org.freedesktop.DBus";
    if (!m_isLong && (isOwn || (what == "return" && (member == "from" || member == "error")))) return;
    const bool hasForm = !m_isLong && (what == "call" || what == "signal") && at == "at" &&
                         isName(service, kLongestName, ".-:") && isName(member, 2 * kLongestName, ".") &&
                         sent->starts_with('/') && isName(*sent, kLongestPath, "/");
    if (hasForm && what == "signal") return;
    m_call = hasForm ? BusCall{std::string(service), std::string(member), std::string(*sent), false}
                     : BusCall{{}, {}, {}, true};
}

}  // namespace belljar::linux_platform
