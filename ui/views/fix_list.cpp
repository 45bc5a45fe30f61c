#include "ui/views/fix_list.h"

#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/models/shown_text.h"
#include "ui/views/data_text.h"
#include "ui/views/icons.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kButtonBytes = 90;

DataText* addText(QVBoxLayout& layout, QWidget* parent, const QString& name, const QString& text, const QColor& colour)
{
    auto* shownText = new DataText(4, parent);
    QPalette colours = shownText->palette();
    colours.setColor(QPalette::Base, Qt::transparent);
    colours.setColor(QPalette::Text, colour);
    shownText->setPalette(colours);
    shownText->setAccessibleName(name);
    shownText->setText(text);
    layout.addWidget(shownText);
    return shownText;
}

}  // namespace

FixList::FixList(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    setObjectName(u"fixes"_s);
    m_layout->setContentsMargins(0, 0, 0, 0);
    clear();
}

void FixList::clear()
{
    if (m_content != nullptr) m_content->deleteLater();
    m_content = nullptr;
    m_alsoSession = nullptr;
    hide();
}

void FixList::show(const Fixes& fixes, bool canChangeSession)
{
    clear();
    if (fixes.options.empty() && fixes.why.isEmpty()) return;
    m_content = new QWidget(this);
    auto* layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    m_layout->addWidget(m_content);
    if (fixes.options.empty()) {
        addText(*layout, m_content, tr("Why nothing fixes it"), fixes.why, currentTheme().muted);
        QWidget::show();
        return;
    }
    int number = 0;
    bool forSession = false;
    for (const FixOption& option : fixes.options) {
        addOption(option, ++number);
        forSession = forSession || option.path || option.network;
    }
    if (canChangeSession && forSession) {
        m_alsoSession = new QCheckBox(tr("Also in the running session, at once"), m_content);
        m_alsoSession->setObjectName(u"alsoInSession"_s);
        layout->addWidget(m_alsoSession);
    }
    QWidget::show();
}

void FixList::addOption(const FixOption& option, int number)
{
    auto* layout = static_cast<QVBoxLayout*>(m_content->layout());
    auto* button = new QPushButton(
        icon(u"fix"_s), menuText(shownElided(engineText(option.title), kButtonBytes).toStdString()), m_content);
    button->setObjectName(u"fix%1"_s.arg(number));
    button->setAccessibleName(option.title);
    button->setAccessibleDescription(option.opens);
    button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    button->setMinimumWidth(fontMetrics().averageCharWidth() * 20);
    layout->addWidget(button);
    const Theme& theme = currentTheme();
    if (option.secret.isEmpty()) {
        addText(*layout, m_content, tr("What else fix %1 opens").arg(number), option.opens, theme.muted);
    } else {
        addText(*layout, m_content, tr("What else fix %1 opens").arg(number),
                tr("%1 Secret: %2.").arg(option.opens, option.secret), theme.warning);
        auto* known = new QCheckBox(tr("I know that this is secret"), m_content);
        known->setObjectName(u"secret%1"_s.arg(number));
        known->setAccessibleDescription(option.secret);
        layout->addWidget(known);
        button->setEnabled(false);
        connect(known, &QCheckBox::toggled, button, &QWidget::setEnabled);
    }
    connect(button, &QPushButton::clicked, this,
            [this, option] { emit fixRequested(option, m_alsoSession != nullptr && m_alsoSession->isChecked()); });
}

QString FixList::text() const
{
    QStringList lines;
    if (m_content == nullptr) return {};
    for (const auto* button : m_content->findChildren<QPushButton*>()) lines += button->accessibleName();
    for (const auto* said : m_content->findChildren<DataText*>()) lines += said->toPlainText();
    return lines.join(u'\n');
}

}  // namespace belljar
