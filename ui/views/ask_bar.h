// What a running program wants and no rule covers, to be answered while it waits: who, what, for how much and how long.
//
// It never takes the keyboard and cannot be pressed in its first moments, so that nobody answers by accident. Time that
// runs out, Esc and the close button deny once and write no rule. While it has the keyboard, A and D answer and 1, 2, 3
// say for how long. Many questions at once become a list.
#pragma once

#include <QElapsedTimer>
#include <QFrame>
#include <QTimer>

#include <vector>

#include "core/model/network_question.h"

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QToolButton;

namespace belljar {

class DataText;

class AskBar : public QFrame {
    Q_OBJECT

public:
    static constexpr int kDeafMs = 600;  ///< Before a new question can be answered.

    explicit AskBar(QWidget* parent = nullptr);

    void ask(const NetworkQuestion& question);
    /// It was answered, or its time is over; unknown numbers are none of ours.
    void over(std::uint64_t number);
    void clear();
    [[nodiscard]] std::size_t waiting() const { return m_questions.size(); }
    [[nodiscard]] QString text() const;

signals:
    void answered(const belljar::NetworkAnswer& answer);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void makeLayout();
    void show(std::size_t index);
    void tick();
    void answer(bool allow, AskSpan span);

    std::vector<NetworkQuestion> m_questions;  ///< Oldest first.
    std::uint64_t m_shown = 0;                 ///< The number of the question on show; 0: none.
    QElapsedTimer m_since;                     ///< Since it is on show.
    QTimer m_tick;
    DataText* m_text;
    QLabel* m_left;
    QListWidget* m_others;
    QComboBox* m_scope;
    QComboBox* m_span;
    QPushButton* m_allow;
    QPushButton* m_deny;
    QToolButton* m_close;
};

}  // namespace belljar
