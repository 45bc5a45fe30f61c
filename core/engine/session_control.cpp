#include "core/engine/session_control.h"

#include <algorithm>
#include <array>

#include <spdlog/fmt/fmt.h>
#include <nlohmann/json.hpp>

#include "core/base/utf8.h"
#include "core/engine/session_questions.h"
#include "core/engine/session_rules.h"
#include "core/events/event_table.h"
#include "core/policy/network_words.h"
#include "core/policy/published_ports.h"

namespace belljar {
namespace {

using json = nlohmann::ordered_json;

constexpr int kDeepest = 6;  ///< Of requests and answers.
constexpr std::size_t kLongestPath = 4096;

/// JSON holds text, and paths are bytes: what is no UTF-8 is shown as U+FFFD. A change of such a path is refused where
/// it is asked for.
std::string text(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string errorText(const Error& error)
{
    return text({{"error",
                  {{"code", std::string(errorCodeName(error.code))},
                   {"message", error.message},
                   {"where", error.where},
                   {"native", error.native},
                   {"fix", error.hint}}}});
}

Error malformed(const std::string& what)
{
    return {ErrorCode::malformedRequest, what, {}, {}, {}};
}

/// An object of limited depth; discarded otherwise.
json parseObject(const std::string& line)
{
    const json::parser_callback_t shallow = [](int depth, json::parse_event_t, json&) { return depth <= kDeepest; };
    json value = json::parse(line, shallow, false);
    return value.is_object() ? value : json(json::value_t::discarded);
}

std::string stringAt(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<PathChange> changeFrom(const json& request, const std::string& by)
{
    PathChange change;
    change.path = stringAt(request, "path");
    change.by = by;
    const std::string access = stringAt(request, "access");
    if (request.size() != 3 || change.path.empty()) return malformed("a change has \"path\" and \"access\"");
    if (change.path.size() > kLongestPath) return malformed("the path is too long");
    if (access == "read-only") change.access = PathAccess::readOnly;
    else if (access == "read-write") change.access = PathAccess::readWrite;
    else if (access == "denied") change.access = PathAccess::denied;
    else if (access != "none") return malformed("\"access\" is read-only, read-write, denied or none");
    return change;
}

json mechanismsJson(const std::vector<Mechanism>& mechanisms)
{
    json list = json::array();
    for (const Mechanism mechanism : mechanisms) list.push_back(std::string(mechanismName(mechanism)));
    return list;
}

/// Names that are not known are left out.
std::vector<Mechanism> mechanismsFrom(const json& list)
{
    std::vector<Mechanism> mechanisms;
    const auto names = mechanismNames();
    for (const json& name : list)
        for (std::size_t number = 0; name.is_string() && number < names.size(); ++number)
            if (name.get_ref<const std::string&>() == names[number])
                mechanisms.push_back(static_cast<Mechanism>(number));
    return mechanisms;
}

constexpr std::array<std::string_view, 3> kActions{"allow", "deny", "remove"};  // by NetworkChange::Action

Result<NetworkChange> networkChangeFrom(const json& request, const std::string& by)
{
    const std::string action = stringAt(request, "action");
    const auto known = std::find(kActions.begin(), kActions.end(), action);
    if (request.size() != 3 || known == kActions.end())
        return malformed("a change of the network has \"rule\" and \"action\": allow, deny or remove");
    Result<NetworkSpec> spec = parseNetworkSpec(stringAt(request, "rule"));
    if (!spec) return std::move(spec).error();
    return NetworkChange{static_cast<NetworkChange::Action>(known - kActions.begin()), std::move(spec).value(), by};
}

json notesJson(const std::vector<Finding>& findings)
{
    json notes = json::array();
    for (const Finding& note : findings) notes.push_back({{"message", note.message}, {"fix", note.fix}});
    return notes;
}

std::string networkResultText(const Result<NetworkChangeResult>& changed)
{
    if (!changed) return errorText(changed.error());
    return text({{"rule", changed->spec},
                 {"before", changed->before},
                 {"after", changed->after},
                 {"notes", notesJson(changed->notes)}});
}

std::string answerNetwork(Session& session, const json& request, const std::string& by)
{
    const Result<NetworkChange> change = networkChangeFrom(request, by);
    return change ? networkResultText(session.changeNetwork(*change)) : errorText(change.error());
}

std::string answerPublish(Session& session, const json& request, const std::string& by)
{
    if (request.size() != 2) return errorText(malformed("what is offered has \"port\""));
    Result<PublishedPort> port = parsePublish(stringAt(request, "port"));
    if (!port) return errorText(port.error());
    const PublishChange change{stringAt(request, "do") == "publish", std::move(port).value(), by};
    return networkResultText(session.changePublished(change));
}

std::string answerAnswer(Session& session, const json& request, const std::string& by)
{
    const Result<NetworkAnswer> answer = answerFromText(text(request), by);
    if (!answer) return errorText(answer.error());
    const Result<NetworkAnswered> done = session.answer(*answer);
    return done ? answeredText(*done) : errorText(done.error());
}

json holdersJson(const std::vector<TreeHolder>& holders)
{
    json list = json::array();
    for (const TreeHolder& holder : holders)
        list.push_back({{"pid", holder.pid}, {"name", holder.name}, {"what", holder.what}, {"path", holder.path}});
    return list;
}

std::string answerChange(Session& session, const json& request, const std::string& by)
{
    const Result<PathChange> change = changeFrom(request, by);
    if (!change) return errorText(change.error());
    const Result<PathChangeResult> changed = session.changePath(*change);
    if (!changed) return errorText(changed.error());
    return text({{"path", changed->path},
                 {"before", changed->before},
                 {"after", changed->after},
                 {"mechanisms", mechanismsJson(changed->mechanisms)},
                 {"holders", holdersJson(changed->holders)},
                 {"notes", notesJson(changed->notes)}});
}

std::string answerClipboard(Session& session, const json& request, const std::string& by)
{
    const std::optional<ClipboardRights> rights = clipboardRights(stringAt(request, "rights"));
    if (request.size() != 2 || !rights)
        return errorText(malformed("a clipboard has \"rights\": none, read, write or all"));
    const Result<void> changed = session.changeClipboard(*rights, by);
    return changed ? "{}" : errorText(changed.error());
}

std::string answerDescribe(const Session& session)
{
    const RecordingHeader& header = session.header();
    return text({{"id", header.sessionId},
                 {"pid", ownProcess()},
                 {"profile", header.profileName},
                 {"command", header.argv},
                 {"started", header.startedUnixNs},
                 {"frozen", session.isFrozen()}});
}

/// The answer as an object, or what it says is wrong.
Result<json> ask(const std::string& id, const json& request)
{
    const Result<std::string> line = askLocal(id, text(request));
    if (!line) return line.error();
    json reply = parseObject(*line);
    if (reply.is_discarded()) return malformed("the session's answer is not understood");
    const auto error = reply.find("error");
    if (error == reply.end()) return reply;
    if (!error->is_object()) return malformed("the session's answer is not understood");
    return Error{ErrorCode::backendError, stringAt(*error, "message"), stringAt(*error, "where"),
                 stringAt(*error, "native"), stringAt(*error, "fix")};
}

Result<SessionInfo> describeSession(const std::string& id)
{
    const Result<json> reply = ask(id, {{"do", "describe"}});
    if (!reply) return reply.error();
    SessionInfo info;
    info.id = id;
    info.profile = stringAt(*reply, "profile");
    if (const auto pid = reply->find("pid"); pid != reply->end() && pid->is_number_integer())
        info.pid = pid->get<std::int64_t>();
    if (const auto started = reply->find("started"); started != reply->end() && started->is_number_integer())
        info.startedUnixNs = started->get<std::int64_t>();
    if (const auto frozen = reply->find("frozen"); frozen != reply->end()) info.frozen = *frozen == true;
    if (const auto command = reply->find("command"); command != reply->end() && command->is_array())
        for (const json& word : *command)
            if (word.is_string()) info.command.push_back(word.get<std::string>());
    return info;
}

const json& listAt(const json& object, const char* key)
{
    static const json kNone = json::array();
    const auto found = object.find(key);
    return found != object.end() && found->is_array() ? *found : kNone;
}

std::vector<Finding> notesFrom(const json& reply)
{
    std::vector<Finding> notes;
    for (const json& note : listAt(reply, "notes"))
        if (note.is_object())
            notes.push_back({Severity::note, "live", stringAt(note, "message"), {}, stringAt(note, "fix")});
    return notes;
}

}  // namespace

std::string answerControl(Session& session, const std::string& request, const std::string& by)
{
    const json asked = parseObject(request);
    if (asked.is_discarded()) return errorText(malformed("a request is one JSON object in one line"));
    const std::string what = stringAt(asked, "do");
    if (what == "change") return answerChange(session, asked, by);
    if (what == "network") return answerNetwork(session, asked, by);
    if (what == "publish" || what == "unpublish") return answerPublish(session, asked, by);
    if (what == "answer") return answerAnswer(session, asked, by);
    if (what == "clipboard") return answerClipboard(session, asked, by);
    if (asked.size() != 1) return errorText(malformed("the request has members that are not known"));
    if (what == "describe") return answerDescribe(session);
    if (what == "policy") return rulesText(*session.policy());
    if (what == "questions") return questionsText(session.questions());
    if (what == "kill") {
        session.kill(by);
        return "{}";
    }
    if (what != "freeze" && what != "thaw") return errorText(malformed("the request is not known"));
    const Result<void> done = what == "freeze" ? session.freeze(by) : session.thaw(by);
    return done ? "{}" : errorText(done.error());
}

Result<std::unique_ptr<LocalServer>> openControl(Session& session)
{
    return serveLocal(session.header().sessionId, [&session](const std::string& line, const LocalPeer& peer) {
        return answerControl(session, line, fmt::format("uid {} (pid {})", peer.uid, peer.pid));
    });
}

std::vector<SessionInfo> runningSessions()
{
    std::vector<SessionInfo> sessions;
    for (const std::string& id : localNames())
        if (Result<SessionInfo> info = describeSession(id)) sessions.push_back(std::move(info).value());
    std::sort(sessions.begin(), sessions.end(),
              [](const SessionInfo& one, const SessionInfo& other) { return one.startedUnixNs < other.startedUnixNs; });
    return sessions;
}

Result<SessionInfo> findSession(const std::string& which)
{
    std::vector<SessionInfo> found;
    for (SessionInfo& info : runningSessions())
        if (!which.empty() && (info.id.starts_with(which) || std::to_string(info.pid) == which))
            found.push_back(std::move(info));
    if (found.size() == 1) return std::move(found.front());
    return Error{ErrorCode::malformedId,
                 found.empty() ? "no such session runs" : "more than one session is meant",
                 which,
                 {},
                 "belljar sessions lists them"};
}

Result<std::vector<SessionRule>> sessionRules(const std::string& id)
{
    const Result<json> reply = ask(id, {{"do", "policy"}});
    if (!reply) return reply.error();
    std::vector<SessionRule> rules;
    for (const json& rule : listAt(*reply, "rules"))
        if (rule.is_object())
            rules.push_back(
                {stringAt(rule, "path"), stringAt(rule, "access"), stringAt(rule, "text"), stringAt(rule, "source")});
    return rules;
}

Result<PathChangeResult> changeSession(const std::string& id, const PathChange& change)
{
    if (firstInvalidUtf8(change.path))
        return Error{
            ErrorCode::malformedRequest, "a path that is no UTF-8 text cannot be changed from outside", {}, {}, {}};
    const char* access = !change.access                           ? "none"
                         : *change.access == PathAccess::denied   ? "denied"
                         : *change.access == PathAccess::readOnly ? "read-only"
                                                                  : "read-write";
    const Result<json> reply = ask(id, {{"do", "change"}, {"path", change.path}, {"access", access}});
    if (!reply) return reply.error();
    PathChangeResult result;
    result.path = stringAt(*reply, "path");
    result.before = stringAt(*reply, "before");
    result.after = stringAt(*reply, "after");
    result.mechanisms = mechanismsFrom(listAt(*reply, "mechanisms"));
    for (const json& holder : listAt(*reply, "holders")) {
        if (!holder.is_object()) continue;
        const auto pid = holder.find("pid");
        const bool known = pid != holder.end() && pid->is_number_integer();
        result.holders.push_back({known ? pid->get<std::int32_t>() : 0, stringAt(holder, "name"),
                                  stringAt(holder, "what"), stringAt(holder, "path")});
    }
    result.notes = notesFrom(*reply);
    return result;
}

namespace {

Result<NetworkChangeResult> networkResult(const Result<json>& reply)
{
    if (!reply) return reply.error();
    return NetworkChangeResult{stringAt(*reply, "rule"), stringAt(*reply, "before"), stringAt(*reply, "after"),
                               notesFrom(*reply)};
}

}  // namespace

Result<NetworkChangeResult> changeSessionNetwork(const std::string& id, const NetworkChange& change)
{
    const std::string action(kActions[static_cast<std::size_t>(change.action)]);
    return networkResult(ask(id, {{"do", "network"}, {"rule", change.spec.text}, {"action", action}}));
}

Result<NetworkChangeResult> changeSessionPublished(const std::string& id, const PublishChange& change)
{
    return networkResult(
        ask(id, {{"do", change.publish ? "publish" : "unpublish"}, {"port", publishText(change.port)}}));
}

Result<void> changeSessionClipboard(const std::string& id, const std::string& word)
{
    const Result<json> reply = ask(id, {{"do", "clipboard"}, {"rights", word}});
    return reply ? Result<void>() : Result<void>(reply.error());
}

Result<std::vector<NetworkQuestion>> sessionQuestions(const std::string& id)
{
    const Result<json> reply = ask(id, {{"do", "questions"}});
    if (!reply) return reply.error();
    return questionsFromText(text(*reply));
}

Result<NetworkAnswered> answerSession(const std::string& id, const NetworkAnswer& answer)
{
    json request = parseObject(answerText(answer));
    request["do"] = "answer";
    const Result<json> reply = ask(id, request);
    if (!reply) return reply.error();
    return answeredFromText(text(*reply));
}

Result<void> tellSession(const std::string& id, const std::string& word)
{
    const Result<json> reply = ask(id, {{"do", word}});
    return reply ? Result<void>() : Result<void>(reply.error());
}

}  // namespace belljar
