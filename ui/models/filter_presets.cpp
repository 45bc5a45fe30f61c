#include "ui/models/filter_presets.h"

#include <QSettings>

#include <algorithm>

#include "core/policy/secrets.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kSavedKey = "live/filters"_L1;
constexpr auto kHighlightKey = "live/highlights"_L1;

std::vector<NamedFilter> readList(const QString& key)
{
    std::vector<NamedFilter> filters;
    QSettings settings;
    const int count = settings.beginReadArray(key);
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        filters.push_back({shownElided(engineText(settings.value(u"name"_s).toString()), 80),
                           engineText(settings.value(u"query"_s).toString())});
    }
    return filters;
}

void writeList(const QString& key, const std::vector<NamedFilter>& filters)
{
    QSettings settings;
    settings.remove(key);
    settings.beginWriteArray(key, static_cast<int>(filters.size()));
    for (std::size_t i = 0; i < filters.size(); ++i) {
        settings.setArrayIndex(static_cast<int>(i));
        settings.setValue(u"name"_s, filters[i].name);
        settings.setValue(u"query"_s, QString::fromStdString(filters[i].query));
    }
    settings.endArray();
}

}  // namespace

std::string FilterPresets::sensitiveQuery()
{
    std::string places;    // Exactly these.
    std::string patterns;  // What is in them, and files of these names anywhere.
    const auto add = [](std::string& list, const std::string& path) { list += (list.empty() ? "" : ",") + path; };
    for (const SecretRow& row : secretTable()) {
        const std::string path(row.path);
        if (row.place == SecretPlace::name) {
            add(patterns, "*/" + path);
            continue;
        }
        const std::string whole = (row.place == SecretPlace::home ? "~/" : "") + path;
        add(places, whole);
        add(patterns, whole + "/*");
    }
    return "path=" + places + " or path:" + patterns;
}

std::vector<NamedFilter> FilterPresets::builtIn()
{
    return {
        {tr("Denied"), "verdict=denied"},
        {tr("Denied or absent"), "verdict=denied,absent"},
        {tr("Sensitive places"), sensitiveQuery()},
        {tr("What was written or changed"),
         "op:create,openwrite,write,unlink,rename,link,mkdir,rmdir,chmod,chown,truncate,symlink,mknod,times,xattr"},
        {tr("Network"), "category=network"},
        {tr("Programs that were run"), "kind=process.exec"},
        {tr("Clipboard and other windows"), "category=ui"},
        {tr("What failed"), "-res=ok,unknown"},
        {tr("Closed system calls"), "category=privileged"},
        {tr("Changes of the session, and losses"), "category=session"},
    };
}

std::vector<NamedFilter> FilterPresets::saved()
{
    return readList(kSavedKey);
}

void FilterPresets::save(const NamedFilter& filter)
{
    std::vector<NamedFilter> filters = saved();
    std::erase_if(filters, [&](const NamedFilter& other) { return other.name == filter.name; });
    filters.push_back(filter);
    writeList(kSavedKey, filters);
}

void FilterPresets::remove(const QString& name)
{
    std::vector<NamedFilter> filters = saved();
    std::erase_if(filters, [&](const NamedFilter& other) { return other.name == name; });
    writeList(kSavedKey, filters);
}

std::vector<NamedFilter> FilterPresets::highlights()
{
    return readList(kHighlightKey);
}

void FilterPresets::setHighlights(const std::vector<NamedFilter>& rules)
{
    writeList(kHighlightKey, rules);
}

}  // namespace belljar
