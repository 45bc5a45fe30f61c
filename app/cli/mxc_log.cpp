#include "app/cli/mxc_log.h"

#include <cerrno>
#include <chrono>
#include <system_error>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "core/base/visible.h"

namespace belljar::cli {

MxcLog::MxcLog(bool debug, const std::string& file) : m_debug(debug)
{
    if (file.empty()) return;
    m_file.reset(std::fopen(file.c_str(), "a"));
    if (m_file) return;
    const int code = errno;
    printErr(fmt::format("Warning: could not open log file '{}': {} (os error {})\n", visible(file, EscapeStyle::mxc),
                         std::generic_category().message(code), code));
}

void MxcLog::line(std::string_view text)
{
    if (m_file) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
        const std::string entry = fmt::format("[{}] {}\n", seconds, text);
        std::fwrite(entry.data(), 1, entry.size(), m_file.get());
        std::fflush(m_file.get());
    }
    if (m_debug) printOut(std::string(text) + "\n");
    else m_kept += std::string(text) + "\n";
}

void MxcLog::flush(bool toStandardError)
{
    if (toStandardError) printErr(m_kept);
    else printOut(m_kept);
    m_kept.clear();
}

}  // namespace belljar::cli
