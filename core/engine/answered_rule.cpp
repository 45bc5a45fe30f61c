#include "core/engine/answered_rule.h"

#include "core/config/config_io.h"
#include "core/platform/platform.h"

namespace belljar {

Result<std::string> withAnswer(std::string text, const std::string& name, const NetworkAnswered& answered)
{
    if (answered.profileList.empty())
        return Error{ErrorCode::malformedRequest, "no profile can say that", answered.spec, {}, {}};
    Result<JsonText> json = JsonText::parse(std::move(text), name);
    if (!json) return std::move(json).error();
    const JsonText::NodeId list = json->find(answered.profileList);
    const bool isThere = list != JsonText::kNone && json->node(list).type == JsonType::array;
    const Result<TextEdit> edit = isThere ? editSet(*json, answered.profileList + "/-", answered.profileElement)
                                          : editSet(*json, answered.profileList, "[" + answered.profileElement + "]");
    if (!edit) return edit.error();
    std::string changed = applyEdit(json->text(), *edit);
    if (Result<LoadedConfig> read = readConfig(changed, name); !read) return std::move(read).error();
    return changed;
}

Result<void> writeAnswer(const std::string& path, const NetworkAnswered& answered)
{
    constexpr std::size_t kLargest = 256U << 20U;
    Result<std::string> text = readFile(path, kLargest);
    if (!text) return std::move(text).error();
    const Result<std::string> changed = withAnswer(std::move(text).value(), path, answered);
    if (!changed) return changed.error();
    return writeFile(path, *changed);
}

}  // namespace belljar
