// belljar sessions, policy, freeze, thaw and kill: what runs now, and changing it from another terminal.
#include <algorithm>
#include <array>
#include <chrono>

#include <spdlog/fmt/fmt.h>

#include "app/cli/option_parser.h"
#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "core/base/visible.h"
#include "core/engine/session_control.h"
#include "core/events/event_table.h"
#include "core/policy/network_words.h"
#include "core/policy/published_ports.h"

namespace belljar::cli {
namespace {

std::string commandText(const std::vector<std::string>& words)
{
    constexpr std::size_t kLongest = 60;
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return visible(text.size() > kLongest ? text.substr(0, kLongest - 3) + "..." : text);
}

std::string ageText(std::int64_t startedUnixNs)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::max<std::int64_t>(
        0, std::chrono::duration_cast<std::chrono::seconds>(now - std::chrono::nanoseconds(startedUnixNs)).count());
    if (seconds < 120) return fmt::format("{} s", seconds);
    return seconds < 7200 ? fmt::format("{} min", seconds / 60) : fmt::format("{} h", seconds / 3600);
}

std::string infoJson(const SessionInfo& info)
{
    return JsonObject()
        .text("id", info.id)
        .number("pid", info.pid)
        .text("profile", info.profile)
        .raw("command", jsonTexts(info.command))
        .number("startedUnixNs", info.startedUnixNs)
        .flag("frozen", info.frozen)
        .str();
}

int fail(const Error& error, bool json)
{
    reportError(error, json);
    return kProblem;
}

int showRules(const SessionInfo& info, bool json)
{
    const Result<std::vector<SessionRule>> rules = sessionRules(info.id);
    if (!rules) return fail(rules.error(), json);
    std::vector<std::string> lines;
    std::string text;
    for (const SessionRule& rule : *rules) {
        lines.push_back(JsonObject()
                            .text("path", rule.path)
                            .text("access", rule.access)
                            .text("text", rule.text)
                            .text("source", rule.source)
                            .str());
        text += fmt::format("{:<18} {}  [{}]\n", visible(rule.access), visible(rule.path), visible(rule.text));
    }
    printOut(json ? JsonObject().raw("rules", jsonArray(lines)).str() + "\n" : text);
    return kOk;
}

std::string holderText(const TreeHolder& holder)
{
    return fmt::format("  process {} ({}): {} {}\n", holder.pid, visible(holder.name), visible(holder.what),
                       visible(holder.path));
}

void printChange(const PathChangeResult& result, bool json)
{
    std::vector<std::string> holders;
    std::string text = fmt::format("{}: {} -> {}\n", visible(result.path), result.before, result.after);
    std::vector<std::string> mechanisms;
    for (const Mechanism mechanism : result.mechanisms) mechanisms.push_back(jsonQuote(mechanismName(mechanism)));
    if (std::find(result.mechanisms.begin(), result.mechanisms.end(), Mechanism::kernelPolicy) !=
        result.mechanisms.end())
        text += "The kernel also refuses to open or run it under any other name; what is open stays open.\n";
    for (const Finding& note : result.notes) text += "note: " + visible(note.message) + "\n";
    if (!result.holders.empty())
        text += "Who had opened something before keeps it; these still see the tree as it was there:\n";
    for (const TreeHolder& holder : result.holders) {
        holders.push_back(JsonObject()
                              .number("pid", holder.pid)
                              .text("name", holder.name)
                              .text("what", holder.what)
                              .text("path", holder.path)
                              .str());
        text += holderText(holder);
    }
    if (!json) {
        printOut(text);
        return;
    }
    printOut(JsonObject()
                 .text("path", result.path)
                 .text("before", result.before)
                 .text("after", result.after)
                 .raw("mechanisms", jsonArray(mechanisms))
                 .raw("holders", jsonArray(holders))
                 .str() +
             "\n");
}

struct PolicyOptions {
    std::optional<std::string> session, readOnly, readWrite, denied, removed, clipboard;
    std::optional<std::string> allowNetwork, denyNetwork, removeNetwork;
    std::optional<std::string> publish, unpublish;
    bool json = false;
};

Error onlyOneChange()
{
    return {ErrorCode::malformedRequest, "one change at a time", {}, {}, "Run it once for each path or rule."};
}

/// The one change of the network that was asked for; nullopt: none.
Result<std::optional<NetworkChange>> wantedNetworkChange(const PolicyOptions& options)
{
    using Action = NetworkChange::Action;
    const std::array<std::pair<const std::optional<std::string>&, Action>, 3> rows{
        {{options.allowNetwork, Action::allow},
         {options.denyNetwork, Action::deny},
         {options.removeNetwork, Action::remove}}};
    std::optional<NetworkChange> wanted;
    for (const auto& [text, action] : rows) {
        if (!text) continue;
        if (wanted) return onlyOneChange();
        Result<NetworkSpec> spec = parseNetworkSpec(*text);
        if (!spec) {
            Error error = std::move(spec).error();
            error.where = *text;
            return error;
        }
        wanted = NetworkChange{action, std::move(spec).value(), {}};
    }
    return wanted;
}

/// The same of a port that is offered.
Result<std::optional<PublishChange>> wantedPublish(const PolicyOptions& options)
{
    if (options.publish && options.unpublish) return onlyOneChange();
    const std::optional<std::string>& text = options.publish ? options.publish : options.unpublish;
    if (!text) return std::optional<PublishChange>();
    Result<PublishedPort> port = parsePublish(*text);
    if (port) return std::optional(PublishChange{options.publish.has_value(), std::move(port).value(), {}});
    Error error = std::move(port).error();
    error.where = *text;
    return error;
}

int showNetworkChange(const Result<NetworkChangeResult>& changed, bool json)
{
    if (!changed) return fail(changed.error(), json);
    std::string text = fmt::format("{}: {} -> {}\n", visible(changed->spec), changed->before, changed->after);
    for (const Finding& note : changed->notes) text += "note: " + visible(note.message) + "\n";
    printOut(json ? JsonObject()
                            .text("rule", changed->spec)
                            .text("before", changed->before)
                            .text("after", changed->after)
                            .str() +
                        "\n"
                  : text);
    return kOk;
}

/// The one change that was asked for; nullopt: none. More than one is an error.
Result<std::optional<PathChange>> wantedChange(const PolicyOptions& options)
{
    struct Row {
        const std::optional<std::string>& path;
        std::optional<PathAccess> access;
    };
    const std::array rows{Row{options.readOnly, PathAccess::readOnly}, Row{options.readWrite, PathAccess::readWrite},
                          Row{options.denied, PathAccess::denied}, Row{options.removed, std::nullopt}};
    std::optional<PathChange> wanted;
    for (const Row& row : rows) {
        if (!row.path) continue;
        if (wanted) return onlyOneChange();
        Result<std::string> path = absolutePath(*row.path);
        if (!path) return std::move(path).error();
        wanted = PathChange{std::move(path).value(), row.access, {}};
    }
    return wanted;
}

int tellOne(const std::string& session, const std::string& word, bool json)
{
    const Result<SessionInfo> info = findSession(session);
    if (!info) return fail(info.error(), json);
    const Result<void> told = tellSession(info->id, word);
    return told ? kOk : fail(told.error(), json);
}

int tell(const Arguments& arguments, const std::string& word, const char* help)
{
    std::optional<std::string> session;
    bool json = false;
    OptionParser parser(word + " SESSION [--json]", help);
    parser.positional("SESSION", session, "Its id, the beginning of it, or the number of its belljar process", true);
    parser.flag("--json", json, "Print errors as JSON");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    return tellOne(*session, word, json);
}

}  // namespace

int sessionsVerb(const Arguments& arguments)
{
    bool json = false;
    OptionParser parser("sessions [--json]",
                        "Lists what you run in sandboxes now. A session can be changed from another terminal with\n"
                        "belljar policy, freeze, thaw and kill.");
    parser.flag("--json", json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    std::vector<std::string> lines;
    std::string text;
    for (const SessionInfo& info : runningSessions()) {
        lines.push_back(infoJson(info));
        text +=
            fmt::format("{}  pid {:<7} {:>6}  {}{}{}\n", visible(info.id), info.pid, ageText(info.startedUnixNs),
                        info.frozen ? "(frozen) " : "",
                        info.profile.empty() ? std::string() : visible(info.profile) + ": ", commandText(info.command));
    }
    printOut(json           ? JsonObject().raw("sessions", jsonArray(lines)).str() + "\n"
             : text.empty() ? std::string("No session runs.\n")
                            : text);
    return kOk;
}

int policyVerb(const Arguments& arguments)
{
    PolicyOptions options;
    OptionParser parser(
        "policy SESSION [--ro PATH | --rw PATH | --deny PATH | --remove PATH | --allow-net DEST |\n"
        "                --deny-net DEST | --remove-net DEST | --publish PORT | --unpublish PORT |\n"
        "                --clipboard RIGHTS] [--json]",
        "Shows what a running session may reach, or changes that at once. The rule takes the place of all others\n"
        "about the same path or network. Files that are open stay open; connections that are denied are cut.");
    parser.positional("SESSION", options.session, "Its id, the beginning of it, or the number of its belljar process",
                      true);
    parser.option("--ro", options.readOnly, "PATH", "Grant a file or folder read-only");
    parser.option("--rw", options.readWrite, "PATH", "Grant a file or folder read-write");
    parser.option("--deny", options.denied, "PATH", "Deny a file or folder");
    parser.option("--remove", options.removed, "PATH", "Take the rule about this path away");
    parser.option("--allow-net", options.allowNetwork, "DEST[:PORT][/PROTO]", "Allow connections to a network");
    parser.option("--deny-net", options.denyNetwork, "DEST[:PORT][/PROTO]", "Deny connections to a network");
    parser.option("--remove-net", options.removeNetwork, "DEST[:PORT][/PROTO]", "Take exactly this rule away");
    parser.option("--publish", options.publish, "[ADDRESS:]HOST_PORT:PORT[/udp]",
                  "Offer a port of the session on this computer");
    parser.option("--unpublish", options.unpublish, "[ADDRESS:]HOST_PORT:PORT[/udp]",
                  "End exactly this offer, and cut who came by it");
    parser.option("--clipboard", options.clipboard, "none|read|write|all",
                  "What of the clipboard crosses the border of a session with a display");
    parser.flag("--json", options.json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    const auto misused = [&](const Error& error) {
        reportError(error, options.json);
        return kUsage;
    };
    const Result<std::optional<PathChange>> change = wantedChange(options);
    if (!change) return misused(change.error());
    const Result<std::optional<NetworkChange>> network = wantedNetworkChange(options);
    if (!network) return misused(network.error());
    const Result<std::optional<PublishChange>> publish = wantedPublish(options);
    if (!publish) return misused(publish.error());
    if ((*change ? 1 : 0) + (*network ? 1 : 0) + (*publish ? 1 : 0) + (options.clipboard ? 1 : 0) > 1)
        return misused(onlyOneChange());
    const Result<SessionInfo> info = findSession(*options.session);
    if (!info) return fail(info.error(), options.json);
    if (*network) return showNetworkChange(changeSessionNetwork(info->id, **network), options.json);
    if (*publish) return showNetworkChange(changeSessionPublished(info->id, **publish), options.json);
    if (options.clipboard) {
        const Result<void> changed = changeSessionClipboard(info->id, *options.clipboard);
        if (!changed) return fail(changed.error(), options.json);
        printOut(options.json ? "{}\n" : "clipboard: " + visible(*options.clipboard) + "\n");
        return kOk;
    }
    if (!*change) return showRules(*info, options.json);
    const Result<PathChangeResult> changed = changeSession(info->id, **change);
    if (!changed) return fail(changed.error(), options.json);
    printChange(*changed, options.json);
    return kOk;
}

int freezeVerb(const Arguments& arguments)
{
    return tell(arguments, "freeze", "Stops all processes of a session, until belljar thaw.");
}

int thawVerb(const Arguments& arguments)
{
    return tell(arguments, "thaw", "Lets the processes of a frozen session go on.");
}

int killVerb(const Arguments& arguments)
{
    std::optional<std::string> session;
    bool all = false;
    bool json = false;
    OptionParser parser("kill SESSION | --all [--json]", "Ends all processes of a session.");
    parser.positional("SESSION", session, "Its id, the beginning of it, or the number of its belljar process", false);
    parser.flag("--all", all, "Every session that you run, those of the desktop app too");
    parser.flag("--json", json, "Print errors as JSON");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    if (all == session.has_value()) {
        reportError({ErrorCode::malformedRequest, "which session?", {}, {}, "Name one, or give --all and no name."},
                    json);
        return kUsage;
    }
    if (!all) return tellOne(*session, "kill", json);
    int code = kOk;
    for (const SessionInfo& info : runningSessions())
        // One that has just ended by itself is none to kill.
        if (const Result<void> told = tellSession(info.id, "kill"); !told && findSession(info.id))
            code = fail(told.error(), json);
    return code;
}

}  // namespace belljar::cli
