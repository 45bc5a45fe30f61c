#include "ui/views/query_bar.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QStandardItemModel>

#include "ui/models/shown_text.h"
#include "ui/views/clearable.h"
#include "ui/views/data_text.h"
#include "ui/views/icons.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTakeMs = 150;      ///< After the last key, so that a word is not filtered by each of its letters.
constexpr int kComplainMs = 500;  ///< Who is still writing is not told what is missing.
constexpr int kInsertRole = Qt::UserRole;

}  // namespace

QueryBar::QueryBar(Check check, QWidget* parent)
    : QWidget(parent),
      m_check(std::move(check)),
      m_icon(new QLabel(this)),
      m_line(new QLineEdit(this)),
      m_message(new DataText(5, this)),
      m_completer(new QCompleter(this)),
      m_proposals(new QStandardItemModel(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_icon);
    layout->addWidget(m_line, 1);
    m_line->setObjectName(u"filter"_s);
    m_line->setAccessibleName(tr("Query: which events to show"));
    m_line->setPlaceholderText(tr("Filter, such as  verdict=denied path:/etc/*   (Ctrl+F)"));
    makeClearable(*m_line);
    m_line->setMaxLength(static_cast<int>(kLongestQuery));
    m_line->installEventFilter(this);
    m_message->setObjectName(u"queryMessage"_s);
    m_message->setAccessibleName(tr("What is wrong with the query"));
    m_message->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_message->hide();

    m_completer->setWidget(m_line);
    m_completer->setModel(m_proposals);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->popup()->setObjectName(u"proposals"_s);
    m_completer->popup()->setAccessibleName(tr("Proposals"));
    connect(m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this, &QueryBar::accept);
    for (QTimer* timer : {&m_takeLater, &m_complainLater}) timer->setSingleShot(true);
    m_takeLater.setInterval(kTakeMs);
    m_complainLater.setInterval(kComplainMs);
    connect(&m_takeLater, &QTimer::timeout, this, &QueryBar::takeTyped);
    connect(&m_complainLater, &QTimer::timeout, this, [this] {
        // Not behind the list of proposals: who chooses from it is still writing.
        if (m_completer->popup()->isVisible()) m_complainLater.start();
        else showState();
    });
    connect(m_line, &QLineEdit::textEdited, this, [this] {
        m_takeLater.start();
        propose();
    });
    connect(m_line, &QLineEdit::textChanged, this, [this] {
        if (!m_takeLater.isActive()) takeTyped();  // Cleared by its button, or set.
    });
    connect(m_line, &QLineEdit::returnPressed, this, [this] {
        m_completer->popup()->hide();
        takeTyped();
    });
    showState();
}

void QueryBar::setQuery(const QString& query)
{
    m_takeLater.stop();
    if (m_line->text() == query) takeTyped();
    else m_line->setText(query);
}

void QueryBar::takeTyped()
{
    m_takeLater.stop();
    const std::string query = engineText(m_line->text());
    m_error = m_check(query);
    m_state = m_error ? (m_error->incomplete ? State::incomplete : State::wrong)
                      : (m_line->text().trimmed().isEmpty() ? State::empty : State::valid);
    if (m_error && m_message->isHidden()) m_complainLater.start();
    else showState();
}

void QueryBar::showState()
{
    m_complainLater.stop();
    const Theme& theme = currentTheme();
    const int size = fontMetrics().height();
    const auto dress = [&](const QString& name, const QColor& colour, const QString& words) {
        m_icon->setPixmap(iconPixmap(name, colour, size, devicePixelRatioF()));
        m_icon->setAccessibleName(words);
        m_line->setAccessibleDescription(words);
        QPalette colours = m_line->palette();
        colours.setColor(QPalette::Text, m_state == State::wrong ? theme.denied : theme.text);
        m_line->setPalette(colours);
    };
    switch (m_state) {
        case State::empty: dress(u"filter"_s, theme.muted, tr("Everything is shown")); break;
        case State::valid: dress(u"allowed"_s, theme.allowed, tr("The query is valid")); break;
        case State::incomplete: dress(u"warning"_s, theme.warning, tr("The query is not complete")); break;
        case State::wrong: dress(u"error"_s, theme.denied, tr("The query is wrong")); break;
    }
    m_message->setVisible(m_error.has_value());
    if (!m_error) return;
    // queryCaret() has escaped the query; the hint is in our own words.
    QString text = QString::fromStdString(queryCaret(engineText(m_line->text()), *m_error)) + u'\n' +
                   shownElided(m_error->message, 400);
    if (!m_error->hint.empty()) text += u" – "_s + shown(m_error->hint);
    m_message->setText(text);
    QPalette colours = m_message->palette();
    colours.setColor(QPalette::Text, m_state == State::wrong ? theme.denied : theme.warning);
    colours.setColor(QPalette::Base, Qt::transparent);
    m_message->setPalette(colours);
    m_line->setAccessibleDescription(text);
}

void QueryBar::propose(bool asked)
{
    const QueryPlace place = queryPlace(m_line->text(), m_line->cursorPosition());
    if (!place.field) {
        offer(place, place.written.isEmpty() && !asked ? std::vector<QueryProposal>()
                                                       : QueryCompletion::fields(place.written));
        return;
    }
    if (m_known != place.field && m_asked != place.field) {
        m_asked = place.field;
        emit valuesWanted(*place.field);  // May come back at once.
    }
    const bool known = m_known == place.field;
    offer(place, QueryCompletion::values(*place.field, place.written, known ? m_values : std::vector<EventGroup>()));
}

void QueryBar::setValues(QueryFieldId field, std::vector<EventGroup> groups)
{
    if (m_asked != field) return;
    m_asked.reset();
    m_known = field;
    m_values = std::move(groups);
    const QueryPlace place = queryPlace(m_line->text(), m_line->cursorPosition());
    if (m_line->hasFocus() && place.field == field) propose();
}

void QueryBar::offer(const QueryPlace& place, const std::vector<QueryProposal>& proposals)
{
    m_proposals->clear();
    for (const QueryProposal& proposal : proposals) {
        auto* item = new QStandardItem(u"%1   – %2"_s.arg(proposal.text, proposal.remark));
        item->setData(proposal.text, kInsertRole);
        m_proposals->appendRow(item);
    }
    const bool done = proposals.empty() || (proposals.size() == 1 && proposals.front().text == place.written);
    if (done) {
        m_completer->popup()->hide();
        return;
    }
    QRect below = m_line->rect();
    below.setWidth(std::min(below.width(), fontMetrics().averageCharWidth() * 90));
    m_completer->complete(below);
}

void QueryBar::accept(const QModelIndex& proposal)
{
    const QString inserted = proposal.data(kInsertRole).toString();
    const QueryPlace place = queryPlace(m_line->text(), m_line->cursorPosition());
    QString text = m_line->text();
    text.replace(place.begin, m_line->cursorPosition() - place.begin, inserted);
    m_takeLater.stop();
    m_line->setText(text);
    m_line->setCursorPosition(static_cast<int>(place.begin + inserted.size()));
    // After a field comes its value.
    if (!place.field) QTimer::singleShot(0, this, [this] { propose(); });
}

bool QueryBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_line && event->type() == QEvent::FocusIn) m_known.reset();  // Counts grow old.
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier) {
            propose(true);
            return true;
        }
        if (key->key() == Qt::Key_Down && !m_completer->popup()->isVisible()) {
            emit leftDownwards();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace belljar
