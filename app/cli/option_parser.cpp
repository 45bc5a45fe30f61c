#include "app/cli/option_parser.h"

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "app/cli/output.h"

namespace belljar::cli {

struct OptionParser::Impl {
    CLI::App app;
    std::string usage;
    bool takesCommand = false;
    bool hasCommand = false;
    std::vector<std::string> command;
};

OptionParser::OptionParser(const std::string& usage, const std::string& summary, bool takesCommand)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->usage = usage;
    m_impl->takesCommand = takesCommand;
    m_impl->app.description(summary);
    m_impl->app.allow_windows_style_options(false);
}

OptionParser::~OptionParser() = default;

void OptionParser::flag(const std::string& name, bool& target, const std::string& help)
{
    m_impl->app.add_flag(name, target, help)->disable_flag_override();
}

void OptionParser::option(const std::string& name, std::optional<std::string>& target, const std::string& value,
                          const std::string& help)
{
    m_impl->app
        .add_option_function<std::string>(
            name, [&target](const std::string& text) { target = text; }, help)
        ->type_name(value);
}

void OptionParser::option(const std::string& name, std::vector<std::string>& target, const std::string& value,
                          const std::string& help)
{
    m_impl->app.add_option(name, target, help)->allow_extra_args(false)->type_name(value);
}

void OptionParser::choice(const std::string& name, std::optional<std::string>& target,
                          const std::vector<std::string>& values, const std::string& help)
{
    std::string names;
    for (const std::string& value : values) names += (names.empty() ? "" : "|") + value;
    const auto known = [values, names](const std::string& text) {
        return std::find(values.begin(), values.end(), text) != values.end() ? std::string()
                                                                             : "must be one of " + names;
    };
    m_impl->app
        .add_option_function<std::string>(
            name, [&target](const std::string& text) { target = text; }, help)
        ->type_name(names)
        ->check(CLI::Validator(known, std::string()));
}

void OptionParser::positional(const std::string& name, std::optional<std::string>& target, const std::string& help,
                              bool required)
{
    m_impl->app
        .add_option_function<std::string>(
            name, [&target](const std::string& text) { target = text; }, help)
        ->type_name("")
        ->required(required);
}

void OptionParser::positionals(const std::string& name, std::vector<std::string>& target, const std::string& help,
                               bool required)
{
    m_impl->app.add_option(name, target, help)->type_name("")->required(required);
}

std::optional<int> OptionParser::parse(const Arguments& arguments, int usageCode)
{
    std::vector<std::string> own = arguments;
    const auto separator = std::find(own.begin(), own.end(), "--");
    if (m_impl->takesCommand && separator != own.end()) {
        m_impl->hasCommand = true;
        m_impl->command.assign(separator + 1, own.end());
        own.erase(separator, own.end());
    }
    const bool json = std::find(own.begin(), own.end(), "--json") != own.end();
    const std::string verb = m_impl->usage.substr(0, m_impl->usage.find(' '));
    const auto complain = [&](const std::string& message, const std::string& hint) {
        // With --json programs read the document where the verb writes its own.
        reportError(Error{ErrorCode::malformedRequest, message, {}, {}, hint}, json, usageCode == kRunFailure);
        return usageCode;
    };
    const std::string help = "See belljar " + verb + " --help.";
    try {
        std::reverse(own.begin(), own.end());
        m_impl->app.parse(own);
    } catch (const CLI::CallForHelp&) {
        const std::string text = m_impl->app.help();
        // CLI11's own usage line knows neither the verb nor the command after "--".
        const std::size_t options = text.find("\nOptions:");
        const std::size_t positionals = text.find("\nPositionals:");
        const std::size_t rest = std::min(options, positionals);
        printOut("Usage: belljar " + m_impl->usage + "\n\n" + m_impl->app.get_description() + "\n" +
                 (rest == std::string::npos ? std::string() : text.substr(rest)));
        return kOk;
    } catch (const CLI::ExtrasError& error) {
        return complain(error.what(), m_impl->takesCommand ? "A command stands after --. " + help : help);
    } catch (const CLI::Error& error) {
        return complain(error.what(), help);
    }
    if (m_impl->hasCommand && m_impl->command.empty()) return complain("there is no command after --", help);
    return std::nullopt;
}

const std::vector<std::string>& OptionParser::command() const
{
    return m_impl->command;
}

bool OptionParser::hasCommand() const
{
    return m_impl->hasCommand;
}

}  // namespace belljar::cli
