// Running sessions, for other processes of the same user: `belljar policy`, `freeze` ... and the desktop app.
//
// Each session answers on a local socket that is named by its id. One line of JSON asks, one answers:
//   {"do": "describe" | "policy" | "freeze" | "thaw" | "kill"}
//   {"do": "clipboard", "rights": "none" | "read" | "write" | "all"}
//   {"do": "change", "path": "/x", "access": "read-only" | "read-write" | "denied" | "none"}
//   {"do": "network", "rule": "10.0.0.0/8:443/tcp", "action": "allow" | "deny" | "remove"}
//   {"do": "publish" | "unpublish", "port": "8080:80/udp"}
// The answer is an object with what was asked for, or {"error": {"message", "where", "native", "fix"}}. What is not
// exactly of this form is refused.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/engine/session.h"
#include "core/platform/local_socket.h"

namespace belljar {

/// Lets others speak to a session as long as it lives. The session must outlive it.
Result<std::unique_ptr<LocalServer>> openControl(Session& session);

/// The answer to one request; what the socket does. `by` says who asks.
[[nodiscard]] std::string answerControl(Session& session, const std::string& request, const std::string& by);

struct SessionInfo {
    std::string id;
    std::int64_t pid = 0;  ///< Of the Belljar that runs it.
    std::string profile;
    std::vector<std::string> command;
    std::int64_t startedUnixNs = 0;
    bool frozen = false;
};

/// One rule of a running session, about a path or the network, as it is enforced now.
struct SessionRule {
    std::string path;    ///< Or a network, see parseNetworkSpec().
    std::string access;  ///< See accessWords(); "allowed" or "denied" of a network.
    std::string text;    ///< What the rule says.
    std::string source;  ///< See ruleSourceName().
};

/// Those that answer, oldest first. All texts are hostile.
[[nodiscard]] std::vector<SessionInfo> runningSessions();
/// By id, the beginning of one, or the number of Belljar's process; an error when it is none or more than one.
Result<SessionInfo> findSession(const std::string& which);
Result<std::vector<SessionRule>> sessionRules(const std::string& id);
Result<PathChangeResult> changeSession(const std::string& id, const PathChange& change);
Result<NetworkChangeResult> changeSessionNetwork(const std::string& id, const NetworkChange& change);
Result<NetworkChangeResult> changeSessionPublished(const std::string& id, const PublishChange& change);
/// What of the clipboard crosses the border of a session with a display; `word` as ui.clipboard has it.
Result<void> changeSessionClipboard(const std::string& id, const std::string& word);
/// What a session wants to know; `until` is by this process's clock.
Result<std::vector<NetworkQuestion>> sessionQuestions(const std::string& id);
Result<NetworkAnswered> answerSession(const std::string& id, const NetworkAnswer& answer);
/// `word` is "freeze", "thaw" or "kill".
Result<void> tellSession(const std::string& id, const std::string& word);

}  // namespace belljar
