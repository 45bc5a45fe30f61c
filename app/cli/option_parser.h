// The options of one verb. Wraps CLI11, whose headers cost seconds to compile and are included in one file only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/verb.h"

namespace belljar::cli {

class OptionParser {
public:
    /// `usage` is what follows "belljar "; `takesCommand` lets "-- CMD ARG..." end the options.
    OptionParser(const std::string& usage, const std::string& summary, bool takesCommand = false);
    ~OptionParser();
    OptionParser(const OptionParser&) = delete;
    OptionParser& operator=(const OptionParser&) = delete;

    /// The targets must live until parse() has returned.
    void flag(const std::string& name, bool& target, const std::string& help);
    void option(const std::string& name, std::optional<std::string>& target, const std::string& value,
                const std::string& help);
    /// Each occurrence adds one value.
    void option(const std::string& name, std::vector<std::string>& target, const std::string& value,
                const std::string& help);
    /// One of `values` only.
    void choice(const std::string& name, std::optional<std::string>& target, const std::vector<std::string>& values,
                const std::string& help);
    void positional(const std::string& name, std::optional<std::string>& target, const std::string& help,
                    bool required);
    void positionals(const std::string& name, std::vector<std::string>& target, const std::string& help,
                     bool required = true);

    /// nullopt: go on. Otherwise the exit code: help was printed, or a complaint (with `usageCode`).
    [[nodiscard]] std::optional<int> parse(const Arguments& arguments, int usageCode);

    /// What stood after "--"; empty when nothing did.
    [[nodiscard]] const std::vector<std::string>& command() const;
    [[nodiscard]] bool hasCommand() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace belljar::cli
