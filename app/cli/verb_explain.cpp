// belljar explain: does the profile allow it, and which line says so?
#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/base/visible.h"
#include "core/engine/questions.h"
#include "core/events/event_table.h"
#include "core/platform/platform.h"
#include "core/policy/decide.h"
#include "core/policy/network_words.h"
#include "core/policy/published_ports.h"
#include "core/policy/remedy.h"

namespace belljar::cli {
namespace {

struct Question {
    Access access;      ///< With the canonical path.
    std::string asked;  ///< As given.
};

struct Questions {
    std::vector<std::string> read, write, execute, list, create, look, remove, connect, bind, systemCall, resolve;

    void addTo(OptionParser& parser)
    {
        parser.option("--read", read, "PATH", "May the program read this file?");
        parser.option("--write", write, "PATH", "May it write this file?");
        parser.option("--exec", execute, "PATH", "May it run this program?");
        parser.option("--list", list, "PATH", "May it list this folder?");
        parser.option("--create", create, "PATH", "May it make this file?");
        parser.option("--syscall", systemCall, "NAME", "May it make this system call?");
        parser.option("--stat", look, "PATH", "May it see that this exists?");
        parser.option("--remove", remove, "PATH", "May it delete or rename this?");
        parser.option("--connect", connect, "HOST:PORT[/udp]",
                      "May it reach this address or host name, or socket unix:/PATH?");
        parser.option("--resolve", resolve, "NAME", "May it look up this host name?");
        parser.option("--listen", bind, "HOST:PORT", "May it wait for connections there, or at unix:/PATH?");
    }
};

bool isSystemCall(const std::string& name, const HostFacts& facts)
{
    const std::vector<SystemCallFacts> calls = facts.systemCalls();
    return std::any_of(calls.begin(), calls.end(), [&](const SystemCallFacts& call) { return call.name == name; });
}

Error unknownSystemCall(const std::string& name)
{
    return {
        ErrorCode::malformedRequest, "there is no such system call", "--syscall " + name, {}, "Check the spelling."};
}

Result<std::vector<Question>> resolved(const Questions& questions, const Policy& policy, const HostFacts& facts)
{
    std::vector<Question> out;
    const std::pair<AccessKind, const std::vector<std::string>*> paths[]{
        {AccessKind::read, &questions.read},       {AccessKind::write, &questions.write},
        {AccessKind::execute, &questions.execute}, {AccessKind::list, &questions.list},
        {AccessKind::create, &questions.create},   {AccessKind::stat, &questions.look},
        {AccessKind::remove, &questions.remove},
    };
    for (const auto& [kind, asked] : paths) {
        for (const std::string& path : *asked) {
            const Result<std::string> absolute = absolutePath(path);
            if (!absolute) return absolute.error();
            out.push_back({pathAccess(kind, *absolute, policy, facts), path});
        }
    }
    for (const std::string& name : questions.systemCall) {
        if (!isSystemCall(name, facts)) return unknownSystemCall(name);
        out.push_back({{AccessKind::systemCall, name, {}, 0}, name});
    }
    for (const std::string& name : questions.resolve) out.push_back({{AccessKind::resolve, {}, name, 0}, name});
    const std::pair<AccessKind, const std::vector<std::string>*> addresses[]{{AccessKind::connect, &questions.connect},
                                                                             {AccessKind::bind, &questions.bind}};
    for (const auto& [kind, asked] : addresses) {
        for (const std::string& address : *asked) {
            Result<Access> access = addressAccess(kind, address, policy, facts);
            if (!access) return std::move(access).error();
            out.push_back({std::move(access).value(), address});
        }
    }
    return out;
}

std::string_view accessWord(PathAccess access)
{
    switch (access) {
        case PathAccess::denied: return "denied";
        case PathAccess::readOnly: return "read-only";
        case PathAccess::readWrite: return "read-write";
    }
    return "denied";
}

std::string_view remedyName(Remedy::Kind kind)
{
    switch (kind) {
        case Remedy::Kind::none: return "none";
        case Remedy::Kind::paths: return "paths";
        case Remedy::Kind::network: return "network";
        case Remedy::Kind::networkRule: return "networkRule";
    }
    return "none";
}

std::string remedyJson(const Remedy& remedy)
{
    JsonObject json;
    json.text("kind", remedyName(remedy.kind)).text("sentence", remedy.sentence);
    if (!remedy.removePointer.empty()) json.text("remove", remedy.removePointer);
    std::vector<std::string> rules;
    for (const NetworkSpec& rule : remedy.rules) {
        const NetworkEntry entry = networkEntry(rule, true);
        rules.push_back(
            JsonObject().text("rule", rule.text).text("list", entry.list).raw("entry", entry.element).str());
    }
    if (!rules.empty()) json.raw("rules", jsonArray(rules));
    if (!remedy.path.empty()) json.text("grant", remedy.path).text("access", accessWord(remedy.access));
    return json.str();
}

std::string answerJson(const Policy& policy, const Question& question, const Verdict& verdict, const HostFacts& facts)
{
    JsonObject json;
    json.text("access", accessKindName(question.access.kind)).text("object", question.asked);
    if (!question.access.path.empty()) json.text("canonical", question.access.path);
    json.flag("allowed", verdict.allowed);
    if (!verdict.allowed && verdict.expectedErrno != 0) json.text("errno", errnoName(verdict.expectedErrno));
    json.text("mechanism", mechanismName(verdict.mechanism))
        .text("how", verdict.how)
        .text("sentence", explain(policy, question.access, verdict));
    if (verdict.rule < policy.rules.size()) json.raw("rule", ruleJson(verdict.rule, policy.rules[verdict.rule]));
    if (!verdict.allowed) json.raw("remedy", remedyJson(remedyFor(policy, question.access, verdict, facts)));
    return json.str();
}

std::string answerText(const Policy& policy, const Question& question, const Verdict& verdict, const HostFacts& facts)
{
    std::string text = fmt::format("{} {}", accessKindName(question.access.kind), visible(question.asked));
    if (!question.access.path.empty() && question.access.path != question.asked)
        text += " (" + visible(question.access.path) + ")";
    text += "\n  " + explain(policy, question.access, verdict) + "\n";
    const Remedy remedy = remedyFor(policy, question.access, verdict, facts);
    if (remedy.sentence.empty()) return text;
    const std::string_view word = remedy.kind == Remedy::Kind::none ? "no fix" : "to allow it";
    return text + fmt::format("  {}: {}\n", word, visible(remedy.sentence));
}

struct NetworkLine {
    std::string_view word;
    std::string object;
    RuleId rule = 0;
};

std::string_view modeWord(NetworkMode mode)
{
    switch (mode) {
        case NetworkMode::off: return "off";
        case NetworkMode::host: return "host";
        case NetworkMode::filtered: return "filtered";
    }
    return "off";
}

/// "10.0.0.0/8:443/tcp 10.0.0.0/8:53/udp", in the words of --allow-net.
std::string objectOf(const NetworkRule& rule)
{
    std::string text;
    if (rule.services.empty()) text = networkSpec(rule.network, {}).text;
    for (const NetworkRule::Service& service : rule.services)
        text += (text.empty() ? "" : " ") + networkSpec(rule.network, service).text;
    for (const IpNetwork& except : rule.except) text += " except " + ipNetworkText(except);
    return text;
}

/// What decides about connections, first what counts first.
std::vector<NetworkLine> networkLines(const NetworkPolicy& network)
{
    if (network.mode != NetworkMode::filtered)
        return {{"network", network.mode == NetworkMode::host ? "this machine's" : "off", network.rule}};
    std::vector<NetworkLine> lines;
    if (network.proxy) lines.push_back({"proxy", network.proxy->url, network.proxy->rule});
    if (network.hostLoopbackAllowed)
        lines.push_back(
            {"this machine", fmt::format("{}, {}", kHostLoopback4, kHostLoopback6), network.hostLoopbackRule});
    for (const bool allow : {false, true})
        for (const NetworkRule& rule : network.egress)
            if (rule.allow == allow && !network.proxy)
                lines.push_back({allow ? "allow net" : "deny net", objectOf(rule), rule.rule});
    for (const HostNameRule& name : network.names) {
        std::string text = name.ports.empty() ? networkSpec(name.pattern, PortRange{}).text : std::string();
        for (const PortRange& ports : name.ports)
            text += (text.empty() ? "" : " ") + networkSpec(name.pattern, ports).text;
        lines.push_back({"allow name", std::move(text), name.rule});
    }
    for (const PublishedPort& port : network.published)
        lines.push_back({"publish", "port " + insideText(port), port.rule});
    lines.push_back({"network", network.egressAllowed ? "anything else outside" : "nothing else", network.rule});
    return lines;
}

/// Without questions: the whole effective policy.
std::string policyText(const Policy& policy)
{
    std::string text;
    const auto line = [&](std::string_view word, const std::string& object, RuleId id) {
        text += fmt::format("{:<11} {:<44} ", word, visible(object));
        if (id < policy.rules.size()) {
            text += visible(policy.rules[id].text);
            const SourcePlace& place = policy.rules[id].place;
            const std::string file = place.file.empty() ? std::string() : visible(place.file) + " ";
            if (place.line != 0) text += fmt::format(" ({}line {})", file, place.line);
        }
        text += '\n';
    };
    for (const PathRule& rule : policy.paths) line(accessWord(rule.access), rule.path, rule.rule);
    for (const LinkRule& link : policy.links) line("link", link.path + " -> " + link.target, link.rule);
    for (const ProgramRule& program : policy.programs.allowed) line("program", program.path, program.rule);
    if (policy.programs.listed) line("no program", "any other", policy.programs.rule);
    for (const SyscallRule& call : policy.syscalls)
        if (call.rule != builtin_rule::kClosedSyscall) line("no syscall", call.name, call.rule);
    for (const NetworkLine& rule : networkLines(policy.network)) line(rule.word, rule.object, rule.rule);
    return text;
}

std::string policyJson(const Policy& policy)
{
    const auto ruleOf = [&](RuleId id) { return id < policy.rules.size() ? ruleJson(id, policy.rules[id]) : "null"; };
    std::vector<std::string> paths;
    for (const PathRule& rule : policy.paths)
        paths.push_back(JsonObject()
                            .text("path", rule.path)
                            .text("access", accessWord(rule.access))
                            .raw("rule", ruleOf(rule.rule))
                            .str());
    std::vector<std::string> links;
    for (const LinkRule& link : policy.links)
        links.push_back(
            JsonObject().text("path", link.path).text("target", link.target).raw("rule", ruleOf(link.rule)).str());
    std::vector<std::string> programs;
    for (const ProgramRule& program : policy.programs.allowed)
        programs.push_back(JsonObject().text("path", program.path).raw("rule", ruleOf(program.rule)).str());
    std::vector<std::string> calls;
    for (const SyscallRule& call : policy.syscalls)
        if (call.rule != builtin_rule::kClosedSyscall)
            calls.push_back(JsonObject().text("name", call.name).raw("rule", ruleOf(call.rule)).str());
    std::vector<std::string> networkRules;
    for (const NetworkLine& rule : networkLines(policy.network))
        networkRules.push_back(
            JsonObject().text("what", rule.word).text("object", rule.object).raw("rule", ruleOf(rule.rule)).str());
    return JsonObject()
        .raw("programs", policy.programs.listed ? jsonArray(programs) : "null")
        .raw("deniedSyscalls", jsonArray(calls))
        .raw("paths", jsonArray(paths))
        .raw("links", jsonArray(links))
        .text("network", modeWord(policy.network.mode))
        .raw("networkRules", jsonArray(networkRules))
        .raw("networkRule", ruleOf(policy.network.rule))
        .str();
}

int answer(const Policy& policy, const std::vector<Question>& questions, const HostFacts& facts, bool json)
{
    bool allowed = true;
    std::vector<std::string> answers;
    for (const Question& question : questions) {
        const Verdict verdict = decide(policy, question.access);
        allowed = allowed && verdict.allowed;
        if (json) answers.push_back(answerJson(policy, question, verdict, facts));
        else printOut(answerText(policy, question, verdict, facts));
    }
    if (json) printOut(JsonObject().flag("allowed", allowed).raw("answers", jsonArray(answers)).str() + "\n");
    return allowed ? kOk : kProblem;
}

}  // namespace

int explainVerb(const Arguments& arguments)
{
    RunOptions options;
    Questions questions;
    bool json = false;
    OptionParser parser(
        "explain [PROFILE] [OPTIONS] [QUESTION...]",
        "Says whether a profile allows something, and which line decides; without a question it shows the\n"
        "whole policy. Exit code 0: everything asked is allowed, 1: something is denied, 2: no answer.");
    options.addTo(parser);
    questions.addTo(parser);
    parser.flag("--json", json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;

    const auto fail = [&](const Error& error) {
        reportError(error, json);
        return kUsage;
    };
    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    Result<RunRequest> request = makeRequest(options, {}, facts->system());
    if (!request) return fail(request.error());
    request->needsCommand = false;
    const BackendList backends = allBackends();
    const Preparation preparation = prepare(*request, *facts, backends);
    if (!preparation.policy) return fail(*preparation.error);
    const Result<std::vector<Question>> asked = resolved(questions, *preparation.policy, *facts);
    if (!asked) return fail(asked.error());
    if (!asked->empty()) return answer(*preparation.policy, *asked, *facts, json);
    printOut(json ? policyJson(*preparation.policy) + "\n" : policyText(*preparation.policy));
    return kOk;
}

}  // namespace belljar::cli
