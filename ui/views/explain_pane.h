// Explains one event: what, who, why and by which mechanism, what would allow it, and how it is recorded. Everything is
// plain text.
#pragma once

#include <QScrollArea>

#include "ui/models/event_explanation.h"

class QFormLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace belljar {

class DataText;
class FixList;

class ExplainPane : public QScrollArea {
    Q_OBJECT

public:
    explicit ExplainPane(QWidget* parent = nullptr);

    void clear();
    void explain(const EventExplanation& explanation, bool isDenial, bool isAbsent, bool reveals = false);

    /// All that is shown, row by row, for tests and for copying.
    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton& goToButton() { return *m_goTo; }
    /// What would allow it; filled by the caller after explain().
    [[nodiscard]] FixList& fixes() { return *m_fixes; }

signals:
    /// Secrets of the event that is explained are to be shown, or masked again.
    void revealRequested(bool reveals);
    void goToRequested(const belljar::SourcePlace& place);

private:
    DataText* addRow(QFormLayout& layout, const QString& title, int mostLines);
    static void fill(DataText& row, QFormLayout& layout, const QString& text);

    QLabel* m_hint;
    QWidget* m_rows;
    QFormLayout* m_layout;
    QLabel* m_verdictIcon;
    QLabel* m_verdict;
    DataText* m_what;
    DataText* m_object;
    DataText* m_detail;
    DataText* m_who;
    DataText* m_rule;
    DataText* m_origin;
    DataText* m_mechanism;
    DataText* m_note;
    QPushButton* m_goTo;
    FixList* m_fixes;
    QToolButton* m_showSecrets;
    QToolButton* m_showRaw;
    DataText* m_raw;
    SourcePlace m_place;
};

}  // namespace belljar
