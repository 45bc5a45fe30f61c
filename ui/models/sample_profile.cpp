#include "ui/models/sample_profile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include "core/base/visible.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

Error sampleError(const QString& path, const QString& reason)
{
    return Error{ErrorCode::backendError, "The sample could not be laid out.", engineText(path), engineText(reason),
                 "Make sure that the folder can be written and the disk is not full."};
}

QByteArray builtIn(const QString& name)
{
    QFile file(u":/belljar/sample/"_s + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<void> write(const QString& path, const QByteArray& content)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit()) {
        return sampleError(path, file.errorString());
    }
    return {};
}

/// The inside of a JSON string.
QByteArray quoted(const QString& path)
{
    const std::string text = jsonQuote(engineText(path));
    return QByteArray(text.data() + 1, static_cast<qsizetype>(text.size()) - 2);
}

}  // namespace

Result<QString> laySample(const QString& folder)
{
    for (const QString& name : {u"out"_s, u"private"_s}) {
        if (!QDir().mkpath(folder + u'/' + name)) return sampleError(folder, u"mkdir"_s);
    }
    const QString target = QFileInfo(folder).canonicalFilePath();
    QFile::remove(target + u"/out/result.txt"_s);
    QByteArray profile = builtIn(u"profile.json.in"_s);
    profile.replace("@SAMPLE@", quoted(target)).replace("@HOME@", quoted(QDir(QDir::homePath()).canonicalPath()));
    const std::pair<QString, QByteArray> files[] = {
        {u"/try-me.sh"_s, builtIn(u"try-me.sh"_s)},
        {u"/note.txt"_s, builtIn(u"note.txt"_s)},
        {u"/private/diary.txt"_s, builtIn(u"diary.txt"_s)},
        {u"/profile.json"_s, profile},
    };
    for (const auto& [name, content] : files) {
        if (Result<void> written = write(target + name, content); !written) return written.error();
    }
    return target + u"/profile.json"_s;
}

std::string newProfileText()
{
    return R"({
  "version": "0.8.0-alpha",
  "containment": "bubblewrap",
  "filesystem": {
    "readonlyPaths": [],
    "readwritePaths": [],
    "deniedPaths": []
  },
  "network": {
    "egress": { "default": "deny" },
    "ingress": { "default": "deny" }
  }
}
)";
}

}  // namespace belljar
