// The runs that were started from the window, newest first, pinned ones above all: a list that outlives the app.
#pragma once

#include <QAbstractListModel>
#include <QString>

#include <functional>
#include <vector>

namespace belljar {

struct PastRun {
    QString command;         ///< The shell line; empty: the profile's own command.
    QString profile;         ///< Absolute path; empty: a profile that was never saved.
    qint64 startedAtMs = 0;  ///< Of the last time, since the epoch.
    int count = 0;
    bool pinned = false;
    bool revealed = false;  ///< For as long as the list is shown.
};

/// Kept in a file that only its owner can read: command lines may hold secrets. What cannot be read is an empty list.
class RunHistory : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr std::size_t kMost = 50;  ///< Pinned runs are kept beyond that.

    explicit RunHistory(QString file, QObject* parent = nullptr);

    /// The same command under the same profile is one entry.
    void add(const QString& command, const QString& profile, qint64 startedAtMs);
    void setPinned(int row, bool pinned);
    /// Whether its command shows what looks like a secret; not at first, and not kept.
    void setRevealed(int row, bool revealed);
    [[nodiscard]] bool hasSecrets(int row) const;
    void remove(int row);
    [[nodiscard]] const PastRun& run(int row) const { return m_runs[static_cast<std::size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    void load();
    void change(const std::function<void()>& edit);

    QString m_file;
    std::vector<PastRun> m_runs;
};

}  // namespace belljar
