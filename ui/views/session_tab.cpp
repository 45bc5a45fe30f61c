#include "ui/views/session_tab.h"

#include <QFileInfo>
#include <QVBoxLayout>

#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/ask_bar.h"
#include "ui/views/live_page.h"
#include "ui/views/message_bar.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLongestName = 40;  ///< Characters.

}  // namespace

SessionTab::SessionTab(const HostFacts& facts, const BackendList& backends, ProfileDocument& document, QWidget* parent)
    : QWidget(parent),
      m_controller(facts, backends),
      m_document(document),
      m_ask(new AskBar(this)),
      m_lack(new MessageBar(true, this)),
      m_page(new LivePage(m_controller, document, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_lack->setObjectName(u"lackBar"_s);
    m_lack->hide();
    layout->addWidget(m_ask);
    layout->addWidget(m_lack);
    layout->addWidget(m_page, 1);
    connect(&m_controller, &RunController::batchReady, m_page, &LivePage::addBatch);
    connect(m_page, &LivePage::failed, this, &SessionTab::failed);
    connect(m_page, &LivePage::recordingOpened, this, [this](const QString& path) {
        m_lack->hide();
        setName(shownElided(engineText(QFileInfo(path).fileName()), 4 * kLongestName));
    });
    connect(&m_controller, &RunController::questionAsked, this, [this](const NetworkQuestion& question) {
        m_ask->ask(question);
        emit changed();
    });
    connect(&m_controller, &RunController::questionOver, this, [this](quint64 number) {
        m_ask->over(number);
        emit changed();
    });
    connect(m_ask, &AskBar::answered, this, &SessionTab::answer);
    connect(&m_controller, &RunController::started, this, [this] {
        showLack();
        emit changed();
    });
    connect(&m_controller, &RunController::finished, this, [this] {
        m_ask->clear();
        emit changed();
    });
}

QString SessionTab::title() const
{
    if (m_ask->waiting() != 0) return tr("%1 – asks").arg(m_name);
    return m_controller.isRunning() ? tr("%1 – runs").arg(m_name) : m_name;
}

void SessionTab::setName(const QString& name)
{
    m_name = name.size() > kLongestName ? name.left(kLongestName - 1) + u'…' : name;
    emit changed();
}

void SessionTab::showLack()
{
    const std::optional<Policy>& policy = m_controller.policy();
    const bool lacks = policy && policy->network.proxyOnly;
    if (lacks)
        m_lack->showText(Severity::warning, shownElided(policy->rules[policy->network.proxyOnly->rule].text, 400));
    else m_lack->hide();
}

void SessionTab::answer(const NetworkAnswer& answer)
{
    const Result<NetworkAnswered> done = m_controller.answer(answer);
    if (!done) {
        m_ask->over(answer.number);
        emit failed(done.error());
        return;
    }
    if (answer.span != AskSpan::always || done->profileList.empty()) return;
    const Result<void> written = m_document.setValue(done->profileList + "/-", done->profileElement,
                                                     tr("rule for %1").arg(menuText(done->spec)));
    if (!written) emit failed(written.error());
}

}  // namespace belljar
