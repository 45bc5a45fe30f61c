#include "ui/models/ansi_text.h"

#include "ui/models/shown_text.h"

namespace belljar {

namespace {

constexpr char kEscape = '\x1b';
constexpr char kBell = '\x07';
constexpr std::size_t kLongestSequence = 4096;  ///< A "sequence" that never ends must not swallow the output.

/// Bytes at the end of `text` that begin a UTF-8 character whose rest has not come.
std::size_t unfinishedTail(std::string_view text)
{
    for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xc0U) == 0x80U) continue;
        const std::size_t wanted = byte >= 0xf0U ? 4 : byte >= 0xe0U ? 3 : byte >= 0xc0U ? 2 : 1;
        return wanted > back ? back : 0;
    }
    return 0;
}

}  // namespace

void AnsiText::consume(char byte)
{
    if (m_state != State::text && ++m_sequenceLength > kLongestSequence) m_state = State::text;
    switch (m_state) {
        case State::text:
            if (byte == kEscape) {
                m_state = State::escape;
                m_sequenceLength = 0;
            } else {
                m_plain += byte;
            }
            return;
        case State::escape:
            if (byte == '[') m_state = State::csi;
            else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_') m_state = State::osc;
            else if (byte >= 0x20 && byte <= 0x2f) m_state = State::charset;
            else m_state = State::text;
            return;
        case State::charset:
            if (byte < 0x20 || byte > 0x2f) m_state = State::text;
            return;
        case State::csi:
            if (byte >= 0x40 && byte <= 0x7e) m_state = State::text;
            return;
        case State::osc:
            if (byte == kBell) m_state = State::text;
            else if (byte == kEscape) m_state = State::oscEscape;
            return;
        case State::oscEscape: m_state = byte == '\\' ? State::text : State::osc; return;
    }
}

void AnsiText::appendText(QString& out, bool atEnd)
{
    std::size_t size = m_plain.size();
    if (!atEnd) {
        size -= unfinishedTail(m_plain);
        if (size > 0 && m_plain[size - 1] == '\r') --size;
    }
    std::string_view rest = std::string_view(m_plain).substr(0, size);
    while (!rest.empty()) {
        const std::size_t stop = rest.find_first_of("\n\t\r\\");
        out += shown(rest.substr(0, stop));
        if (stop == std::string_view::npos) break;
        const bool lineEnd = rest.substr(stop, 2) == "\r\n";
        if (lineEnd) out += QLatin1Char('\n');
        else if (rest[stop] == '\r') out += QLatin1String("\\r");
        else out += QLatin1Char(rest[stop]);
        rest.remove_prefix(stop + (lineEnd ? 2 : 1));
    }
    m_plain.erase(0, size);
}

QString AnsiText::feed(std::string_view bytes)
{
    for (const char byte : bytes) consume(byte);
    QString out;
    appendText(out, false);
    return out;
}

QString AnsiText::finish()
{
    QString out;
    appendText(out, true);
    m_state = State::text;
    return out;
}

}  // namespace belljar
