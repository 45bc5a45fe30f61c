#include "app/cli/mxc_arguments.h"

#include <algorithm>
#include <array>

#include <spdlog/fmt/fmt.h>

#include "core/base/utf8.h"
#include "core/base/visible.h"

namespace belljar::cli {
namespace {

/// One option: a flag or something with a value.
struct MxcOption {
    std::string_view name;       ///< With its dashes.
    std::string_view valueName;  ///< "" for flags.
    std::string_view help;
    bool MxcArguments::*flag = nullptr;
    std::optional<std::string> MxcArguments::*value = nullptr;
};

using A = MxcArguments;
constexpr std::array kOptions{
    MxcOption{"--config", "CONFIG", "Path to config JSON file", nullptr, &A::config},
    MxcOption{"--config-base64", "CONFIG_BASE64", "Base64-encoded JSON config", nullptr, &A::configBase64},
    MxcOption{"--debug", "", "Enable debug/console output", &A::debug},
    MxcOption{"--delete", "", "Delete container mode", &A::remove},
    MxcOption{"--containername", "CONTAINERNAME", "Container name (required with --delete)", nullptr,
              &A::containerName},
    MxcOption{"--experimental", "", "Enable experimental features", &A::experimental},
    MxcOption{"--allow-testing-features", "",
              "Allow testing-only features that must never run in production: `network.proxy.builtinTestServer`",
              &A::testingFeatures},
    MxcOption{"--dry-run", "", "Parse and validate config then exit without executing", &A::dryRun},
    MxcOption{"--log-file", "LOG_FILE", "Path to diagnostic log file (appends, creates if missing)", nullptr,
              &A::logFile},
    MxcOption{"--setup-hyperlight", "", "Install the Hyperlight snapshot and exit", &A::setupHyperlight},
    MxcOption{"--force", "", "Rebuild the snapshot even if one exists. Requires --setup-hyperlight", &A::force},
    MxcOption{"--help", "", "Print help", &A::help},
};

/// Jaro similarity of two words, 0 to 1: what the real executor's library proposes spellings by.
double similarity(std::string_view a, std::string_view b)
{
    if (a.empty() || b.empty()) return a == b ? 1 : 0;
    const std::size_t half = std::max(a.size(), b.size()) / 2;
    const std::size_t reach = half > 0 ? half - 1 : 0;
    std::vector<bool> takenA(a.size());
    std::vector<bool> takenB(b.size());
    double matches = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::size_t from = i > reach ? i - reach : 0;
        for (std::size_t j = from; j < std::min(b.size(), i + reach + 1); ++j) {
            if (takenB[j] || a[i] != b[j]) continue;
            takenA[i] = takenB[j] = true;
            ++matches;
            break;
        }
    }
    if (matches == 0) return 0;
    double swapped = 0;
    for (std::size_t i = 0, j = 0; i < a.size(); ++i) {
        if (!takenA[i]) continue;
        while (!takenB[j]) ++j;
        if (a[i] != b[j++]) ++swapped;
    }
    const auto length = [](std::string_view text) { return static_cast<double>(text.size()); };
    return (matches / length(a) + matches / length(b) + (matches - swapped / 2) / matches) / 3;
}

const MxcOption* mostSimilar(std::string_view name)
{
    static constexpr double kLeast = 0.7;
    const MxcOption* best = nullptr;
    double bestScore = kLeast;
    for (const MxcOption& option : kOptions) {
        const double score = similarity(name.substr(2), option.name.substr(2));
        if (score <= bestScore) continue;
        best = &option;
        bestScore = score;
    }
    return best;
}

std::string usageOf(const MxcOption& option)
{
    return option.valueName.empty() ? std::string(option.name) : fmt::format("{} <{}>", option.name, option.valueName);
}

class Parser {
public:
    MxcCommandLine parse(const Arguments& arguments);

private:
    /// All return false after setting the usage error.
    bool fail(const std::string& what, const std::string& tip = {}, bool withUsage = true);
    bool positional(const std::string& text);
    bool longOption(const std::string& text, const Arguments& arguments, std::size_t& at);
    bool shortOptions(const std::string& text);
    bool unexpected(const std::string& name);
    [[nodiscard]] std::string usage() const;

    MxcCommandLine m_result;
    std::vector<const MxcOption*> m_used;
    std::string m_options = "[OPTIONS]";
};

std::string Parser::usage() const
{
    const char* path = m_result.arguments.path ? "<CONFIG_PATH>" : "[CONFIG_PATH]";
    const bool plain = m_options == "[OPTIONS]" && m_result.arguments.path && m_used.empty();
    return plain ? fmt::format("Usage: lxc-exec {}", path) : fmt::format("Usage: lxc-exec {} {}", m_options, path);
}

bool Parser::fail(const std::string& what, const std::string& tip, bool withUsage)
{
    m_result.usageError = "error: " + what + "\n\n";
    if (!tip.empty()) m_result.usageError += "  tip: " + tip + "\n\n";
    if (withUsage) m_result.usageError += usage() + "\n\n";
    m_result.usageError += "For more information, try '--help'.\n";
    return false;
}

bool Parser::positional(const std::string& text)
{
    if (m_result.arguments.path) {
        m_result.arguments.path.reset();  // The usage line then names it as not yet given.
        return fail(fmt::format("unexpected argument '{}' found", visible(text, EscapeStyle::mxc)));
    }
    m_result.arguments.path = text;
    return true;
}

bool Parser::unexpected(const std::string& name)
{
    const std::string shown = visible(name, EscapeStyle::mxc);
    const MxcOption* similar = name.starts_with("--") ? mostSimilar(name) : nullptr;
    const std::string what = fmt::format("unexpected argument '{}' found", shown);
    if (!similar) return fail(what, fmt::format("to pass '{0}' as a value, use '-- {0}'", shown));
    m_options = usageOf(*similar);
    return fail(what, fmt::format("a similar argument exists: '{}'", similar->name));
}

bool Parser::longOption(const std::string& text, const Arguments& arguments, std::size_t& at)
{
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const auto* option = std::find_if(kOptions.begin(), kOptions.end(), [&](const auto& o) { return o.name == name; });
    if (option == kOptions.end()) return unexpected(name);
    if (option->flag == &A::help) {
        m_result.arguments.help = true;
        return true;
    }
    if (std::find(m_used.begin(), m_used.end(), option) != m_used.end())
        return fail(fmt::format("the argument '{}' cannot be used multiple times", usageOf(*option)));
    m_used.push_back(option);
    if (option->flag) {
        m_result.arguments.*option->flag = true;
        if (equals == std::string::npos) return true;
        m_options = usageOf(*option);
        return fail(fmt::format("unexpected value '{}' for '{}' found; no more were expected",
                                visible(text.substr(equals + 1), EscapeStyle::mxc), option->name));
    }
    if (equals != std::string::npos) {
        m_result.arguments.*option->value = text.substr(equals + 1);
        return true;
    }
    if (at + 1 >= arguments.size() || (arguments[at + 1].starts_with('-') && arguments[at + 1] != "-"))
        return fail(fmt::format("a value is required for '{}' but none was supplied", usageOf(*option)), {}, false);
    m_result.arguments.*option->value = arguments[++at];
    return true;
}

bool Parser::shortOptions(const std::string& text)
{
    if (text[1] != 'h') return unexpected(text.substr(0, 2));
    m_result.arguments.help = true;
    return true;
}

MxcCommandLine Parser::parse(const Arguments& arguments)
{
    bool onlyPositional = false;
    for (const std::string& text : arguments)
        if (firstInvalidUtf8(text)) {
            fail("invalid UTF-8 was detected in one or more arguments");
            return m_result;
        }
    for (std::size_t i = 0; i < arguments.size() && !m_result.arguments.help; ++i) {
        const std::string& text = arguments[i];
        bool good = true;
        if (!onlyPositional && text == "--") onlyPositional = true;
        else if (!onlyPositional && text.starts_with("--")) good = longOption(text, arguments, i);
        else if (!onlyPositional && text.size() > 1 && text[0] == '-') good = shortOptions(text);
        else good = positional(text);
        if (!good) return m_result;
    }
    if (m_result.arguments.force && !m_result.arguments.setupHyperlight && !m_result.arguments.help) {
        m_options = "--setup-hyperlight --force";
        fail("the following required arguments were not provided:\n  --setup-hyperlight");
    }
    return m_result;
}

}  // namespace

MxcCommandLine parseMxcArguments(const Arguments& arguments)
{
    return Parser().parse(arguments);
}

std::string mxcHelp()
{
    std::string text =
        "Linux Container Executor (Belljar)\n\nUsage: lxc-exec [OPTIONS] [CONFIG_PATH]\n\nArguments:\n"
        "  [CONFIG_PATH]  Path to config JSON file (positional)\n\nOptions:\n";
    for (const MxcOption& option : kOptions) {
        const bool isHelp = option.flag == &A::help;
        text += fmt::format("  {}{:<32} {}\n", isHelp ? "-h, " : "    ", usageOf(option), option.help);
    }
    return text;
}

}  // namespace belljar::cli
