#include "ui/models/draft_keeper.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

#include "ui/models/private_file.h"
#include "ui/models/profile_document.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLargestDraft = 4 * ProfileDocument::kLargestFile;  ///< Bytes; escapes make a text longer.

QString lockOf(const QString& draft)
{
    return draft + u".lock"_s;
}

std::optional<Draft> readDraft(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLargestDraft) return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    if (!object[u"text"_s].isString() || !object[u"writtenAtMs"_s].isDouble()) return std::nullopt;
    return Draft{path, object[u"file"_s].toString(), object[u"text"_s].toString().toStdString(),
                 object[u"writtenAtMs"_s].toInteger()};
}

}  // namespace

DraftKeeper::DraftKeeper(ProfileDocument& document, const QString& folder, QObject* parent)
    : QObject(parent), m_document(document), m_folder(folder)
{
    m_later.setSingleShot(true);
    m_later.setInterval(kDelayMs);
    connect(&m_later, &QTimer::timeout, this, &DraftKeeper::flush);
    connect(&document, &ProfileDocument::textEdited, this, &DraftKeeper::textChanged);
    connect(&document, &ProfileDocument::textReset, this, &DraftKeeper::remove);
    connect(&document, &ProfileDocument::modifiedChanged, this, &DraftKeeper::textChanged);
}

DraftKeeper::~DraftKeeper()
{
    remove();
}

void DraftKeeper::textChanged()
{
    if (m_document.isModified()) m_later.start();
    else remove();
}

void DraftKeeper::flush()
{
    m_later.stop();
    if (!m_document.isModified()) return;
    if (m_path.isEmpty()) {
        if (!makePrivateFolder(m_folder)) return;
        const QString path = u"%1/%2.draft"_s.arg(m_folder, QUuid::createUuid().toString(QUuid::WithoutBraces));
        auto lock = std::make_unique<QLockFile>(lockOf(path));
        lock->setStaleLockTime(0);  // Held by a living process, or not at all.
        if (!lock->tryLock()) return;
        m_lock = std::move(lock);
        m_path = path;
    }
    const QJsonObject draft{{u"file"_s, m_document.filePath()},
                            {u"text"_s, QString::fromStdString(m_document.text())},
                            {u"writtenAtMs"_s, QDateTime::currentMSecsSinceEpoch()}};
    writePrivateFile(m_path, QJsonDocument(draft).toJson(QJsonDocument::Compact));
}

void DraftKeeper::remove()
{
    m_later.stop();
    if (!m_path.isEmpty()) QFile::remove(m_path);
}

std::optional<Draft> DraftKeeper::abandoned(const QString& folder)
{
    std::optional<Draft> newest;
    const qint64 oldest = QDateTime::currentDateTimeUtc().addDays(-kKeptForDays).toMSecsSinceEpoch();
    const QFileInfoList drafts = QDir(folder).entryInfoList({u"*.draft"_s}, QDir::Files | QDir::NoSymLinks);
    for (const QFileInfo& info : drafts) {
        const QString path = info.filePath();
        QLockFile lock(lockOf(path));
        lock.setStaleLockTime(0);
        if (!lock.tryLock()) continue;
        std::optional<Draft> draft = readDraft(path);
        if (draft && draft->writtenAtMs < oldest) QFile::remove(path);
        else if (draft && (!newest || draft->writtenAtMs > newest->writtenAtMs)) newest = std::move(draft);
    }
    return newest;
}

void DraftKeeper::restore(const Draft& draft, ProfileDocument& document)
{
    if (draft.filePath.isEmpty() || !document.load(draft.filePath).ok()) document.reset("{}\n");
    document.edit({0, document.text().size(), draft.text}, tr("restore unsaved edits"));
    QFile::remove(draft.keptIn);
}

}  // namespace belljar
