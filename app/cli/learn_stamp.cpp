#include "app/cli/learn_stamp.h"

#include "app/cli/output.h"
#include "core/config/json_text.h"
#include "core/platform/sha256.h"

namespace belljar::cli {

std::string stampPath(const std::string& profile)
{
    return profile + ".verified";
}

std::string stampJson(const LearnStamp& stamp)
{
    return JsonObject()
               .text("profileSha256", stamp.profileHash)
               .text("date", stamp.date)
               .text("belljarVersion", stamp.version)
               .raw("command", jsonTexts(stamp.command))
               .text("outcome", stamp.outcome)
               .number("exitCode", stamp.exitCode)
               .text("outputSha256", stamp.outputHash)
               .text("monitor", stamp.monitor)
               .number("unexpectedDenials", 0)
               .str() +
           "\n";
}

StampState stampState(const std::string& stampText, const std::string& profileText)
{
    const Result<JsonText> json = JsonText::parse(stampText);
    if (!json) return StampState::none;
    const JsonText::NodeId hash = json->find("/profileSha256");
    if (hash == JsonText::kNone || json->node(hash).type != JsonType::string) return StampState::none;
    return json->string(hash) == sha256(profileText) ? StampState::valid : StampState::changed;
}

}  // namespace belljar::cli
