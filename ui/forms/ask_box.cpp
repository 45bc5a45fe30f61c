#include "ui/forms/ask_box.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/policy/decide.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kAnswerBytes = 600;

}  // namespace

QString answerLine(const Answer& answer)
{
    const QString kind = shown(accessKindName(answer.access.kind));
    const QString object = u": %1 %2:"_s.arg(kind, shown(answer.access.path));
    return AskBox::tr("%1: %2").arg(kind, shownElided(answer.sentence, kAnswerBytes).replace(object, u":"_s));
}

AskBox::AskBox(ProfileAnalysis& analysis, About about, QWidget* parent)
    : QWidget(parent),
      m_analysis(analysis),
      m_about(about),
      m_question(new QLineEdit(this)),
      m_answer(new QLabel(this)),
      m_show(new QPushButton(tr("Show the rule"), this))
{
    const bool path = about == About::path;
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(path ? tr("&Ask about a path:") : tr("&Ask about an address:"), this);
    label->setBuddy(m_question);
    row->addWidget(label);
    row->addWidget(m_question, 1);
    row->addWidget(m_show);
    layout->addLayout(row);
    layout->addWidget(m_answer);
    m_question->setObjectName(path ? u"askPath"_s : u"askAddress"_s);
    m_question->setAccessibleName(path ? tr("Path to ask about") : tr("Address to ask about"));
    m_question->setPlaceholderText(path ? tr("~/.ssh/id_ed25519 – what may the program do with it?")
                                        : tr("192.0.2.7:443/tcp – may the program reach it?"));
    m_question->setClearButtonEnabled(true);
    m_answer->setObjectName(path ? u"pathAnswer"_s : u"addressAnswer"_s);
    m_answer->setTextFormat(Qt::PlainText);
    m_answer->setWordWrap(true);
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_answer->hide();
    m_show->setEnabled(false);
    connect(m_question, &QLineEdit::textChanged, this, &AskBox::ask);
    connect(m_show, &QPushButton::clicked, this, [this] { emit showInText(m_rule); });
    connect(&analysis, &ProfileAnalysis::changed, this, &AskBox::ask);
}

void AskBox::ask()
{
    m_rule.clear();
    const std::string typed = engineText(m_question->text().trimmed());
    m_answer->setVisible(!typed.empty());
    if (typed.empty()) m_answer->clear();
    else if (m_about == About::path) askPath(typed);
    else askAddress(typed);
    m_show->setEnabled(!m_rule.empty());
    m_answer->setAccessibleName(tr("Answer: %1").arg(m_answer->text()));
}

void AskBox::askPath(const std::string& typed)
{
    const Result<std::vector<Answer>> answers = m_analysis.askPath(typed);
    if (!answers) {
        m_answer->setText(tr("%1 %2").arg(shown(answers.error().message), shown(answers.error().hint)));
        return;
    }
    QStringList lines;
    for (const Answer& answer : *answers) {
        lines << answerLine(answer);
        if (m_rule.empty()) m_rule = m_analysis.placeOf(answer).pointer;
    }
    m_answer->setText(lines.join(u'\n'));
}

void AskBox::askAddress(const std::string& typed)
{
    const Result<Answer> answer = m_analysis.askAddress(typed);
    if (!answer) {
        m_answer->setText(tr("%1 %2").arg(shown(answer.error().message), shown(answer.error().hint)));
        return;
    }
    m_answer->setText(shownElided(answer->sentence, kAnswerBytes));
    m_rule = m_analysis.placeOf(*answer).pointer;
}

}  // namespace belljar
