// Several sessions at once, each in its tab: a new run never ends another one, closing asks, and one key stops all. And
// what is asked about the network: who answers, what does not answer, and that nothing is answered by accident.
#include <QAction>
#include <QComboBox>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QToolButton>

#include "backends/registry.h"
#include "core/platform/platform.h"
#include "tests/ui/sandbox_support.h"
#include "tests/ui/test_support.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/ask_bar.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/live_page.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/session_tab.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRunLimitMs = 90'000;

NetworkQuestion question(std::uint64_t number)
{
    NetworkQuestion made;
    made.number = number;
    made.protocol = IpProtocol::tcp;
    made.address = "192.0.2.7";
    made.port = 443;
    made.name = "<b>evil</b>\xe2\x80\xae.example";
    made.process.pid = 42;
    made.process.name = "curl";
    NetworkSpec narrow;
    narrow.text = "192.0.2.7:443/tcp";
    NetworkSpec wide;
    wide.text = "*";
    made.choices = {{AskScope::address, narrow}, {AskScope::all, wide}};
    made.until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    return made;
}

/// This machine, but for its packet filter.
class WithoutPacketFilter final : public HostFacts {
public:
    explicit WithoutPacketFilter(const HostFacts& facts) : m_facts(facts) {}
    [[nodiscard]] const SystemFacts& system() const override { return m_facts.system(); }
    [[nodiscard]] PathFacts lstat(const std::string& path) const override { return m_facts.lstat(path); }
    [[nodiscard]] bool mayAccess(const std::string& path, bool write) const override
    {
        return m_facts.mayAccess(path, write);
    }
    [[nodiscard]] const std::vector<MountFacts>& mounts() const override { return m_facts.mounts(); }
    [[nodiscard]] std::vector<std::string> list(const std::string& path) const override { return m_facts.list(path); }
    [[nodiscard]] std::string packetObstacle() const override { return "this kernel has no <b>nf_tables</b>"; }

private:
    const HostFacts& m_facts;
};

}  // namespace

class SessionsTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return test::whyNoSandbox(); }

private slots:
    void initTestCase();
    void questionsWaitForAnAnswer();
    void nobodyAnswersByAccident();
    void escapeDeniesOnce();
    void lettersAnswerAndNumbersSayHowLong();
    void aSecondRunGetsATab();
    void closingARunningTabAsks();
    void oneKeyStopsAll();
    void whatARunLacksIsSaidAloud();
    void twentyRunAtOnce();

private:
    void start(const QString& command);
    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;
};

void SessionsTest::initTestCase()
{
    m_facts = inspectHost(true);
    m_backends = allBackends();
    m_window.reset(new MainWindow({*m_facts, m_backends, {}, false, m_folder.path(), ThemeChoice::light}));
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void SessionsTest::start(const QString& command)
{
    m_window->launcher().setCommand(command);
    m_window->run();
    QVERIFY(m_window->controller().isRunning());
}

void SessionsTest::questionsWaitForAnAnswer()
{
    AskBar bar;
    QSignalSpy answered(&bar, &AskBar::answered);
    bar.ask(question(1));
    QVERIFY(bar.isVisible());
    QVERIFY2(bar.text().contains(u"curl (process 42) wants to reach"_s), qPrintable(bar.text()));
    QVERIFY(bar.text().contains(u"<b>evil</b>"_s));  // As text.
    QVERIFY(!bar.text().contains(QChar(0x202e)));    // Not turned around.
    QVERIFY(bar.text().contains(u"192.0.2.7:443 (TCP)"_s));
    auto* scope = bar.findChild<QComboBox*>(u"askScope"_s);
    QCOMPARE(scope->currentText(), u"192.0.2.7:443/tcp"_s);                // The narrowest first.
    QCOMPARE(bar.findChild<QComboBox*>(u"askSpan"_s)->currentIndex(), 0);  // This once.
    bar.ask(question(2));
    QCOMPARE(bar.waiting(), std::size_t{2});
    auto* allow = bar.findChild<QPushButton*>(u"askAllow"_s);
    QTRY_VERIFY(allow->isEnabled());
    scope->setCurrentIndex(1);
    bar.findChild<QComboBox*>(u"askSpan"_s)->setCurrentIndex(1);
    QTest::mouseClick(allow, Qt::LeftButton);
    QCOMPARE(answered.count(), 1);
    const auto answer = answered.first().first().value<NetworkAnswer>();
    QCOMPARE(answer.number, std::uint64_t{1});
    QVERIFY(answer.allow);
    QCOMPARE(answer.choice, std::size_t{1});
    QVERIFY(answer.span == AskSpan::run);
    bar.over(1);
    QCOMPARE(bar.waiting(), std::size_t{1});
    QCOMPARE(bar.findChild<QComboBox*>(u"askSpan"_s)->currentIndex(), 0);  // Nothing carries over to the next.
    bar.over(7);                                                           // None of ours.
    bar.over(2);
    QVERIFY(!bar.isVisible());
}

void SessionsTest::nobodyAnswersByAccident()
{
    AskBar bar;
    QSignalSpy answered(&bar, &AskBar::answered);
    bar.ask(question(1));
    auto* allow = bar.findChild<QPushButton*>(u"askAllow"_s);
    QVERIFY(!allow->isEnabled());
    QTest::mouseClick(allow, Qt::LeftButton);
    QTest::keyClick(&bar, Qt::Key_Return);
    QTest::keyClick(&bar, Qt::Key_Escape);
    QCOMPARE(answered.count(), 0);
    QVERIFY(!allow->hasFocus());
    QVERIFY(!bar.findChild<QPushButton*>(u"askDeny"_s)->hasFocus());
}

void SessionsTest::lettersAnswerAndNumbersSayHowLong()
{
    AskBar bar;
    QSignalSpy answered(&bar, &AskBar::answered);
    bar.ask(question(1));
    QTest::keyClick(&bar, Qt::Key_A);
    QCOMPARE(answered.count(), 0);  // Not in its first moments.
    QTRY_VERIFY(bar.findChild<QPushButton*>(u"askAllow"_s)->isEnabled());
    QTest::keyClick(&bar, Qt::Key_4);
    QTest::keyClick(&bar, Qt::Key_2);
    QTest::keyClick(&bar, Qt::Key_A);
    QTest::keyClick(&bar, Qt::Key_3);
    QTest::keyClick(&bar, Qt::Key_D);
    QCOMPARE(answered.count(), 2);
    const auto first = answered[0].front().value<NetworkAnswer>();
    const auto second = answered[1].front().value<NetworkAnswer>();
    QVERIFY(first.allow && first.span == AskSpan::run);
    QVERIFY(!second.allow && second.span == AskSpan::always);
}

void SessionsTest::escapeDeniesOnce()
{
    AskBar bar;
    QSignalSpy answered(&bar, &AskBar::answered);
    bar.ask(question(3));
    bar.findChild<QComboBox*>(u"askSpan"_s)->setCurrentIndex(2);  // Always; but Esc is no answer to that.
    QTRY_VERIFY(bar.findChild<QPushButton*>(u"askDeny"_s)->isEnabled());
    QTest::keyClick(&bar, Qt::Key_Escape);
    QCOMPARE(answered.count(), 1);
    const auto answer = answered.first().first().value<NetworkAnswer>();
    QVERIFY(!answer.allow);
    QVERIFY(answer.span == AskSpan::once);
}

void SessionsTest::aSecondRunGetsATab()
{
    SessionTabs& sessions = m_window->sessions();
    start(u"sleep 600"_s);
    QCOMPARE(sessions.count(), 1);
    RunController& first = m_window->controller();
    start(u"echo second"_s);
    QCOMPARE(sessions.count(), 2);
    QVERIFY(first.isRunning());
    QVERIFY(&m_window->controller() != &first);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->controller().isRunning(), kRunLimitMs);
    QTRY_COMPARE(sessions.tabText(1), u"echo second"_s);
    QVERIFY2(sessions.tabText(0).contains(u"runs"_s), qPrintable(sessions.tabText(0)));
    // An ended tab is used again; the running one stays what it is.
    start(u"echo third"_s);
    QCOMPARE(sessions.count(), 2);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->controller().isRunning(), kRunLimitMs);
    QVERIFY(first.isRunning());
}

void SessionsTest::closingARunningTabAsks()
{
    SessionTabs& sessions = m_window->sessions();
    const auto close = [&] { sessions.tabBar()->tabCloseRequested(0); };
    close();
    auto* box = m_window->findChild<QMessageBox*>();
    QVERIFY(box != nullptr);
    QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
    QTRY_COMPARE(m_window->findChild<QMessageBox*>(), nullptr);
    QCOMPARE(sessions.count(), 2);
    close();
    box = m_window->findChild<QMessageBox*>();
    QTest::mouseClick(box->button(QMessageBox::Close), Qt::LeftButton);
    QTRY_COMPARE(sessions.count(), 1);
    QCOMPARE(sessions.running(), 0);
    sessions.tabBar()->tabCloseRequested(0);  // Nothing runs: without asking, and an empty one takes its place.
    QCOMPARE(sessions.count(), 1);
    QVERIFY(sessions.current().isUnused());
}

void SessionsTest::oneKeyStopsAll()
{
    start(u"sleep 600"_s);
    start(u"sleep 600"_s);
    QCOMPARE(m_window->sessions().running(), 2);
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_Period, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->sessions().running(), 0, kRunLimitMs);
}

void SessionsTest::whatARunLacksIsSaidAloud()
{
    const WithoutPacketFilter facts(*m_facts);
    ProfileDocument document;
    SessionTab tab(facts, m_backends, document);
    auto* lack = tab.findChild<MessageBar*>(u"lackBar"_s);
    const auto run = [&](const char* network) {
        RunRequest request;
        request.profileText = network;
        request.argv = {"/bin/sh", "-c", "echo $HTTP_PROXY"};
        const Result<void> started = tab.controller().start(request, m_folder.path());
        QVERIFY2(started.ok(), started.ok() ? "" : started.error().message.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(!tab.controller().isRunning(), kRunLimitMs);
    };
    run(R"({"version": "0.8.0", "network": {"egress": {"default": "allow"}}})");
    QVERIFY(!lack->isHidden());
    QVERIFY2(lack->text().contains(u"network by proxy only: this kernel has no <b>nf_tables</b>"_s),
             qPrintable(lack->text()));
    run(R"({"version": "0.8.0"})");
    QVERIFY(lack->isHidden());
}

void SessionsTest::twentyRunAtOnce()
{
    for (int i = 0; i < 20; ++i) start(u"echo %1; sleep 600"_s.arg(i));
    SessionTabs& sessions = m_window->sessions();
    QCOMPARE(sessions.running(), 20);
    for (int i = 0; i < sessions.count(); ++i) {
        auto& tab = *static_cast<SessionTab*>(sessions.widget(i));
        if (tab.controller().isRunning()) QTRY_VERIFY_WITH_TIMEOUT(tab.page().events().total() > 0, kRunLimitMs);
    }
    m_window->stopAll();
    QTRY_COMPARE_WITH_TIMEOUT(sessions.running(), 0, kRunLimitMs);
}

BELLJAR_QTEST_MAIN(SessionsTest)
#include "sessions_test.moc"
