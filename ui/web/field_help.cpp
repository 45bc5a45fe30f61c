#include "ui/web/field_help.h"

#include <QCoreApplication>

#include "core/base/visible.h"
#include "ui/models/shown_text.h"

namespace belljar {

namespace {

class FieldHelp {
    Q_DECLARE_TR_FUNCTIONS(belljar::FieldHelp)
};

}  // namespace

QString fieldHelp(const FieldInfo& field)
{
    QStringList lines{FieldHelp::tr("%1 (%2)").arg(shown(field.title), shown(field.type)), shown(field.help)};
    if (!field.values.empty()) {
        QStringList values;
        for (const std::string& value : field.values) values << shown(value);
        lines << FieldHelp::tr("One of: %1").arg(values.join(QLatin1String(", ")));
    }
    if (field.maximum != 0) lines << FieldHelp::tr("From %1 to %2").arg(field.minimum).arg(field.maximum);
    const QString systems = field.systems.empty() ? FieldHelp::tr("all systems") : shown(field.systems);
    const QString since = shown(field.since);
    lines << (since.isEmpty() ? FieldHelp::tr("Acts on: %1.").arg(systems)
                              : FieldHelp::tr("Since schema %1. Acts on: %2.").arg(since, systems));
    return lines.join(QLatin1Char('\n'));
}

std::string completionLabel(const Completion& item)
{
    return item.insert.starts_with('"') ? jsonQuote(item.label) : item.label;
}

std::size_t completionCursor(const Completion& item)
{
    for (const char* empty : {"\"\"", "[]", "{}"})
        if (item.insert.ends_with(std::string(": ") + empty)) return item.insert.size() - 1;
    return item.insert.size();
}

}  // namespace belljar
