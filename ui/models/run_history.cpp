#include "ui/models/run_history.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include <algorithm>

#include "ui/models/private_file.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLargestFile = 4 * 1024 * 1024;  ///< Bytes.
constexpr int kShownLength = 300;                 ///< Characters of a command or path.

}  // namespace

RunHistory::RunHistory(QString file, QObject* parent) : QAbstractListModel(parent), m_file(std::move(file))
{
    load();
}

void RunHistory::load()
{
    QFile file(m_file);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLargestFile) return;
    const QJsonArray runs = QJsonDocument::fromJson(file.readAll()).array();
    for (const QJsonValue& value : runs) {
        const QJsonObject run = value.toObject();
        if (!run[u"command"_s].isString() || !run[u"profile"_s].isString()) continue;
        m_runs.push_back({run[u"command"_s].toString(), run[u"profile"_s].toString(), run[u"startedAtMs"_s].toInteger(),
                          run[u"count"_s].toInt(), run[u"pinned"_s].toBool(), false});
    }
}

/// Keeps order and size after `edit`, and writes the file.
void RunHistory::change(const std::function<void()>& edit)
{
    beginResetModel();
    edit();
    std::stable_sort(m_runs.begin(), m_runs.end(), [](const PastRun& a, const PastRun& b) {
        return a.pinned != b.pinned ? a.pinned : a.startedAtMs > b.startedAtMs;
    });
    while (m_runs.size() > kMost && !m_runs.back().pinned) m_runs.pop_back();
    endResetModel();

    QJsonArray runs;
    for (const PastRun& run : m_runs)
        runs.append(QJsonObject{{u"command"_s, run.command},
                                {u"profile"_s, run.profile},
                                {u"startedAtMs"_s, run.startedAtMs},
                                {u"count"_s, run.count},
                                {u"pinned"_s, run.pinned}});
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    writePrivateFile(m_file, QJsonDocument(runs).toJson(QJsonDocument::Compact));
}

void RunHistory::add(const QString& command, const QString& profile, qint64 startedAtMs)
{
    change([&] {
        const auto same = [&](const PastRun& run) { return run.command == command && run.profile == profile; };
        const auto found = std::find_if(m_runs.begin(), m_runs.end(), same);
        if (found == m_runs.end()) {
            m_runs.push_back({command, profile, startedAtMs, 1, false, false});
            return;
        }
        found->startedAtMs = startedAtMs;
        ++found->count;
    });
}

void RunHistory::setPinned(int row, bool pinned)
{
    change([&] { m_runs[static_cast<std::size_t>(row)].pinned = pinned; });
}

void RunHistory::setRevealed(int row, bool revealed)
{
    m_runs[static_cast<std::size_t>(row)].revealed = revealed;
    emit dataChanged(index(row), index(row));
}

bool RunHistory::hasSecrets(int row) const
{
    return hidesSecrets(engineText(run(row).command), kShownLength);
}

void RunHistory::remove(int row)
{
    change([&] { m_runs.erase(m_runs.begin() + row); });
}

int RunHistory::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

QVariant RunHistory::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)) return {};
    const PastRun& run = this->run(index.row());
    const QString command = run.command.isEmpty() ? tr("(the profile's command)")
                            : run.revealed        ? shownElided(engineText(run.command), kShownLength)
                                                  : shownWithoutSecrets(engineText(run.command), kShownLength);
    const QString profile =
        run.profile.isEmpty() ? tr("(a profile without a file)") : shownElided(engineText(run.profile), kShownLength);
    const QString when = QLocale().toString(QDateTime::fromMSecsSinceEpoch(run.startedAtMs), QLocale::ShortFormat);
    const QString count = run.count == 1 ? tr("1 run") : tr("%1 runs").arg(run.count);
    const QString line = u"%1\n%2 · %3 · %4"_s.arg(command, profile, when, count);
    return run.pinned ? tr("Pinned: %1").arg(line) : line;
}

}  // namespace belljar
