#include "ui/views/language.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

const QString kFolder = u":/belljar/translations"_s;
const QString kPrefix = u"belljar_"_s;

}  // namespace

QStringList languages()
{
    QStringList names{u"en"_s};
    for (const QString& file : QDir(kFolder).entryList({kPrefix + u"*.qm"_s}, QDir::Files))
        names += file.mid(kPrefix.size()).chopped(3);
    return names;
}

void installLanguage(QCoreApplication& application, const QString& choice)
{
    const QLocale locale = choice == "system"_L1 ? QLocale() : QLocale(choice);
    if (locale.language() == QLocale::English) return;
    auto* ours = new QTranslator(&application);
    if (!ours->load(locale, u"belljar"_s, u"_"_s, kFolder)) return;
    application.installTranslator(ours);
    // What Qt's own dialogs say.
    auto* qts = new QTranslator(&application);
    if (qts->load(locale, u"qtbase"_s, u"_"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        application.installTranslator(qts);
}

}  // namespace belljar
