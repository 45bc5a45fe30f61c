// The diagnostic lines of MXC's executor: kept until it is known who wants them, and appended to --log-file.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace belljar::cli {

class MxcLog {
public:
    /// With `debug` lines go to standard output at once. A `file` that cannot be opened costs a warning on standard
    /// error and nothing else; "" is none.
    MxcLog(bool debug, const std::string& file);

    /// Text must be escaped already.
    void line(std::string_view text);
    /// Prints what is kept on standard output or standard error.
    void flush(bool toStandardError);

private:
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    bool m_debug;
    std::unique_ptr<std::FILE, Closer> m_file;
    std::string m_kept;
};

}  // namespace belljar::cli
