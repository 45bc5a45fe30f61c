// The language of the desktop app: chosen at the start, from the translations that are built in.
#pragma once

#include <QString>
#include <QStringList>

class QCoreApplication;

namespace belljar {

/// "en" and the names of the translations that this build has, e.g. "de", "zh_CN".
[[nodiscard]] QStringList languages();

/// "system" is the system's language where there is a translation of it, else English; otherwise one of languages().
/// Must come before the first window. What the engine says (errors, findings, help of fields) stays English.
void installLanguage(QCoreApplication& application, const QString& choice);

}  // namespace belljar
