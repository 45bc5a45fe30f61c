#include "core/base/line_ends.h"

namespace belljar {

bool normalizeLineEnds(std::string& text)
{
    std::string out;
    out.reserve(text.size());
    bool allWindows = text.find("\r\n") != std::string::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool windows = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        if (windows) ++i;
        else if (text[i] == '\r' || text[i] == '\n') allWindows = false;
        out += text[i] == '\r' ? '\n' : text[i];
    }
    text = std::move(out);
    return allWindows;
}

std::string withWindowsLineEnds(const std::string& text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (const char c : text) {
        if (c == '\n') out += '\r';
        out += c;
    }
    return out;
}

}  // namespace belljar
