// The line in which a query is written: what is wrong with it is said with icon, colour, words and a caret, and what
// can come next is proposed with how often it occurs.
#pragma once

#include <QTimer>
#include <QWidget>

#include <functional>
#include <optional>

#include "core/events/query_error.h"
#include "ui/models/query_completion.h"

class QCompleter;
class QLabel;
class QLineEdit;
class QStandardItemModel;

namespace belljar {

class DataText;

class QueryBar : public QWidget {
    Q_OBJECT

public:
    /// Takes what is typed and says what is wrong with it.
    using Check = std::function<std::optional<QueryError>(const std::string& query)>;

    explicit QueryBar(Check check, QWidget* parent = nullptr);

    [[nodiscard]] QLineEdit& line() { return *m_line; }
    /// Where a mistake is shown: nothing there when there is none. To be placed below the bar.
    [[nodiscard]] DataText& message() { return *m_message; }
    /// As if typed, taken at once.
    void setQuery(const QString& query);
    /// What was asked for by valuesWanted().
    void setValues(QueryFieldId field, std::vector<EventGroup> groups);
    void applyTheme() { showState(); }

signals:
    /// For proposals.
    void valuesWanted(belljar::QueryFieldId field);
    /// Down: into the list.
    void leftDownwards();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class State { empty, valid, incomplete, wrong };

    void takeTyped();
    void showState();
    /// `asked`: the user wants proposals although nothing is written yet.
    void propose(bool asked = false);
    void offer(const QueryPlace& place, const std::vector<QueryProposal>& proposals);
    void accept(const QModelIndex& proposal);

    Check m_check;
    QLabel* m_icon;
    QLineEdit* m_line;
    DataText* m_message;
    QCompleter* m_completer;
    QStandardItemModel* m_proposals;
    QTimer m_takeLater;
    QTimer m_complainLater;
    State m_state = State::empty;
    std::optional<QueryError> m_error;
    std::optional<QueryFieldId> m_asked;  ///< Whose values were asked for and have not come.
    std::optional<QueryFieldId> m_known;
    std::vector<EventGroup> m_values;  ///< Of m_known.
};

}  // namespace belljar
