#include "core/config/json_writer.h"

#include "core/base/visible.h"

namespace belljar {

void JsonWriter::newLine()
{
    m_out += '\n';
    m_out.append(m_levels.size() * 2, ' ');
}

void JsonWriter::startValue()
{
    if (m_afterKey) {
        m_afterKey = false;
        return;
    }
    if (m_levels.empty()) return;
    if (!m_levels.back().empty) m_out += ',';
    m_levels.back().empty = false;
    newLine();
}

void JsonWriter::open(char bracket)
{
    startValue();
    m_out += bracket;
    m_levels.push_back({bracket == '{' ? '}' : ']', true});
}

void JsonWriter::close()
{
    const Level level = m_levels.back();
    m_levels.pop_back();
    if (!level.empty) newLine();
    m_out += level.closing;
}

void JsonWriter::key(std::string_view name)
{
    startValue();
    m_out += jsonQuote(name) + ": ";
    m_afterKey = true;
}

void JsonWriter::string(std::string_view value)
{
    raw(jsonQuote(value));
}

void JsonWriter::raw(std::string_view json)
{
    startValue();
    m_out += json;
}

std::string JsonWriter::take() &&
{
    m_out += '\n';
    return std::move(m_out);
}

}  // namespace belljar
