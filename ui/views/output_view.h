// What the program wrote: a terminal, or standard output and standard error as plain text without escape sequences.
#pragma once

#include <QTabWidget>

#include "ui/models/ansi_text.h"

class QPlainTextEdit;

namespace belljar {

class TerminalView;

class OutputView : public QTabWidget {
    Q_OBJECT

public:
    static constexpr int kMostLines = 50'000;   ///< Older lines go; their count is told at the top.
    static constexpr int kLongestLine = 4'096;  ///< Characters; longer lines are broken.

    explicit OutputView(QWidget* parent = nullptr);

    /// Empty, for a run in a terminal or one with two streams.
    void begin(bool terminal);
    /// For a recording: it holds what a program tried, not what it wrote.
    void showNoOutput();
    /// `stream` is 1 or 2.
    void append(int stream, const QByteArray& bytes);
    /// A remark of ours, e.g. about output that is not shown.
    void remark(const QString& text);
    void finish();
    /// What a terminal shows is stream 1.
    [[nodiscard]] QString text(int stream) const;
    [[nodiscard]] TerminalView& terminal() { return *m_terminal; }

signals:
    /// Keys and pastes for the program in the terminal.
    void typed(const QByteArray& bytes);
    void gridChanged(int columns, int rows);

private:
    struct Stream {
        QPlainTextEdit* edit = nullptr;
        AnsiText decoder;
        int lineLength = 0;
    };
    Stream makeStream(const QString& title);
    void insert(Stream& stream, const QString& text);

    TerminalView* m_terminal;
    bool m_inTerminal = false;
    Stream m_out;
    Stream m_err;
    QString m_errTitle;
};

}  // namespace belljar
