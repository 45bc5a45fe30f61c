#include "core/config/placeholders.h"

#include <array>

#include <spdlog/fmt/fmt.h>

#include "core/config/sentences.h"

namespace belljar {
namespace {

struct Placeholder {
    std::string_view name;
    std::string PlaceholderValues::*value;
    std::string_view unknown;  ///< Why the value may be missing.
};

constexpr std::array<Placeholder, 4> kPlaceholders{{
    {"HOME", &PlaceholderValues::home, "this user has no home folder"},
    {"CWD", &PlaceholderValues::currentFolder, "the current folder cannot be found out"},
    {"TMP", &PlaceholderValues::temporaryFolder, "there is no folder for temporary files"},
    {"PROFILE_DIR", &PlaceholderValues::profileFolder, "this profile comes from no file"},
}};

constexpr const char* kKnown = "Known are ${HOME}, ${CWD}, ${TMP} and ${PROFILE_DIR}; a literal ${ is written $${.";

/// More errors, and more warnings, than anybody reads: a profile can hold a million of them.
constexpr std::size_t kMostTold = 1000;

Error refused(std::string message, std::string hint)
{
    return Error{ErrorCode::malformedRequest, std::move(message), {}, {}, std::move(hint)};
}

const Placeholder* placeholderCalled(std::string_view name)
{
    for (const Placeholder& placeholder : kPlaceholders)
        if (placeholder.name == name) return &placeholder;
    return nullptr;
}

bool isSeparator(char c)
{
    return c == '/' || c == '\\';
}

/// "/x", "C:\x"
bool isWholePath(std::string_view path)
{
    if (path.starts_with('/')) return true;
    return path.size() > 2 && path[1] == ':' && isSeparator(path[2]);
}

/// The placeholder's value without a separator at its end, so that what follows can begin with one.
Result<std::string> valueOf(const Placeholder& placeholder, const PlaceholderValues& values, std::string_view rest)
{
    std::string value = values.*placeholder.value;
    const std::string shown = fmt::format("${{{}}}", placeholder.name);
    if (value.empty())
        return refused(fmt::format("`{}` is not known: {}", shown, placeholder.unknown), "Write the path itself.");
    if (!isWholePath(value) || value.find_first_of(std::string_view("\0\"", 2)) != std::string::npos)
        return refused(
            fmt::format("`{}` stands for `{}`, which is no path that a profile can name", shown, shortened(value, 60)),
            "Write the path itself.");
    if (!rest.empty() && !isSeparator(rest.front()))
        return refused(fmt::format("after `{}` a `/` is missing", shown), fmt::format("Write {}/...", shown));
    if (!rest.empty() && isSeparator(value.back())) value.pop_back();
    return value;
}

bool beginsName(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// `text` with `$${` as `${`; an error for a placeholder in it.
Result<ExpandedPath> literal(std::string_view text)
{
    ExpandedPath result;
    result.path.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::string_view here = text.substr(at);
        if (here.starts_with("$${")) {
            result.path += "${";
            at += 2;
            continue;
        }
        if (here.starts_with("${")) {
            const std::string_view name = here.substr(2, here.find('}') - 2);
            if (here.find('}') == std::string_view::npos) return refused("a `${` is not closed by `}`", kKnown);
            if (placeholderCalled(name) == nullptr)
                return refused(fmt::format("there is no placeholder `${{{}}}`", shortened(name, 60)), kKnown);
            return refused(fmt::format("`${{{}}}` is an absolute path, so it can only begin a path", name), kKnown);
        }
        if (result.warning.empty() && here.size() > 1 && here[0] == '$' && beginsName(here[1]))
            result.warning = fmt::format("`{}` is taken as it is: placeholders have braces, as in ${{HOME}}",
                                         shortened(here.substr(0, here.find_first_of("/\\")), 60));
        result.path += here[0];
    }
    return result;
}

/// The only placeholder that a path can have, and what follows it.
struct Beginning {
    const Placeholder* placeholder = nullptr;
    std::string_view rest;
};

Beginning beginningOf(std::string_view written)
{
    if (written == "~" || written.starts_with("~/")) return {&kPlaceholders[0], written.substr(1)};
    const std::size_t end = written.find('}');
    if (!written.starts_with("${") || end == std::string_view::npos) return {nullptr, written};
    const Placeholder* placeholder = placeholderCalled(written.substr(2, end - 2));
    return {placeholder, placeholder != nullptr ? written.substr(end + 1) : written};
}

class ConfigExpander {
public:
    ConfigExpander(const SandboxConfig& config, const PlaceholderValues& values) : m_given(config), m_values(values) {}

    ExpandedConfig run()
    {
        if (m_given.filesystem) {
            expandList(&FilesystemConfig::readwritePaths, "readwritePaths");
            expandList(&FilesystemConfig::readonlyPaths, "readonlyPaths");
            expandList(&FilesystemConfig::deniedPaths, "deniedPaths");
        }
        if (m_given.process && m_given.process->cwd)
            expand(
                *m_given.process->cwd, [] { return std::string("/process/cwd"); },
                [&](std::string path) { changed().process->cwd = std::move(path); });
        expandPrograms();
        return std::move(m_result);
    }

private:
    void expandPrograms()
    {
        const auto& experimental = m_given.experimental;
        if (!experimental || !experimental->belljar || !experimental->belljar->programs) return;
        const std::vector<ProgramConfig>& programs = *experimental->belljar->programs;
        for (std::size_t i = 0; i < programs.size(); ++i)
            expand(
                programs[i].path, [&] { return fmt::format("/experimental/belljar/programs/{}/path", i); },
                [&](std::string path) { (*changed().experimental->belljar->programs)[i].path = std::move(path); });
    }

    using PathList = std::optional<std::vector<std::string>> FilesystemConfig::*;

    /// Made at the first change: most configurations have none, and they can be large.
    SandboxConfig& changed()
    {
        if (!m_result.config) m_result.config = m_given;
        return *m_result.config;
    }

    void expandList(PathList list, std::string_view key)
    {
        const std::optional<std::vector<std::string>>& paths = (*m_given.filesystem).*list;
        for (std::size_t i = 0; paths && i < paths->size(); ++i)
            expand((*paths)[i], [&] { return fmt::format("/filesystem/{}/{}", key, i); },
                   [&](std::string path) { (*((*changed().filesystem).*list))[i] = std::move(path); });
    }

    template <class Pointer, class Change>
    void expand(const std::string& written, const Pointer& pointer, const Change& change)
    {
        if (written.find('$') == std::string::npos && !written.starts_with('~')) return;
        Result<ExpandedPath> expanded = expandPath(written, m_values);
        if (!expanded) {
            if (++m_errors > kMostTold) return;  // They come up when those that are told are mended.
            m_result.findings.push_back({Severity::error,
                                         "placeholder",
                                         fmt::format("in `{}` {}", shortened(written, 120), expanded.error().message),
                                         {pointer(), 0, 0},
                                         expanded.error().hint});
            return;
        }
        if (!expanded->warning.empty() && ++m_warnings <= kMostTold)
            m_result.findings.push_back(
                {Severity::warning, "placeholder", expanded->warning, {pointer(), 0, 0}, kKnown});
        if (expanded->path == written) return;
        m_result.replacements.push_back({pointer(), written, expanded->path});
        change(std::move(expanded->path));
    }

    const SandboxConfig& m_given;
    const PlaceholderValues& m_values;
    ExpandedConfig m_result;
    std::size_t m_errors = 0;
    std::size_t m_warnings = 0;
};

}  // namespace

Result<ExpandedPath> expandPath(std::string_view written, const PlaceholderValues& values)
{
    const Beginning beginning = beginningOf(written);
    if (beginning.placeholder == nullptr && written.starts_with('~'))
        return refused("`~` is the own home folder only, those of other users are not looked up", kKnown);
    std::string head;
    if (beginning.placeholder != nullptr) {
        Result<std::string> value = valueOf(*beginning.placeholder, values, beginning.rest);
        if (!value) return std::move(value).error();
        head = std::move(value).value();
    }
    Result<ExpandedPath> result = literal(beginning.rest);
    if (result) result->path.insert(0, head);
    return result;
}

ExpandedConfig expandPlaceholders(const SandboxConfig& config, const PlaceholderValues& values)
{
    return ConfigExpander(config, values).run();
}

}  // namespace belljar
