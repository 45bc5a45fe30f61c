// Writes JSON text, two spaces a level; empty objects and arrays on one line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace belljar {

class JsonWriter {
public:
    void openObject() { open('{'); }
    void openArray() { open('['); }
    void close();
    /// The key of the member whose value is written next.
    void key(std::string_view name);
    void string(std::string_view value);
    void number(std::uint64_t value) { raw(std::to_string(value)); }
    void boolean(bool value) { raw(value ? "true" : "false"); }
    /// Any JSON text, as it is.
    void raw(std::string_view json);

    /// The finished text with a final newline.
    [[nodiscard]] std::string take() &&;

private:
    struct Level {
        char closing = '}';
        bool empty = true;
    };

    void open(char bracket);
    void startValue();
    void newLine();

    std::string m_out;
    std::vector<Level> m_levels;
    bool m_afterKey = false;
};

}  // namespace belljar
