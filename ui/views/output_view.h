// What the program wrote: standard output and standard error as plain text, without escape sequences.
#pragma once

#include <QTabWidget>

#include "ui/models/ansi_text.h"

class QPlainTextEdit;

namespace belljar {

class OutputView : public QTabWidget {
    Q_OBJECT

public:
    static constexpr int kMostLines = 50'000;   ///< Older lines go; their count is told at the top.
    static constexpr int kLongestLine = 4'096;  ///< Characters; longer lines are broken.

    explicit OutputView(QWidget* parent = nullptr);

    void clear();
    /// `stream` is 1 or 2.
    void append(int stream, const QByteArray& bytes);
    /// A remark of ours, e.g. about output that is not shown.
    void remark(const QString& text);
    void finish();
    [[nodiscard]] QString text(int stream) const;

private:
    struct Stream {
        QPlainTextEdit* edit = nullptr;
        AnsiText decoder;
        int lineLength = 0;
    };
    Stream makeStream(const QString& title);
    void insert(Stream& stream, const QString& text);

    Stream m_out;
    Stream m_err;
    QString m_errTitle;
};

}  // namespace belljar
