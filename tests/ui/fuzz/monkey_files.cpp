// Hostile files, files that change, sessions, and what sessions tell.
#include <QApplication>
#include <QDialog>
#include <QFile>
#include <QTest>

#include "core/base/visible.h"
#include "core/config/profile_templates.h"
#include "core/events/recording.h"
#include "tests/ui/fuzz/monkey.h"
#include "tests/ui/hostile_corpus.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/live_page.h"

namespace belljar::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostSessions = 5;
constexpr int kMostTabs = 10;

void write(const QString& path, const std::string& bytes)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

std::string profileWith(const std::string& text)
{
    const std::string quoted = jsonQuote(text);
    return "{\n  \"version\": \"0.8.0-alpha\", \"_comment\": " + quoted + ",\n  \"containerId\": " + quoted +
           ",\n  \"process\": { \"commandLine\": " + quoted + ", \"env\": [" + quoted +
           "] },\n  \"filesystem\": { \"readonlyPaths\": [" + quoted + ", \"/usr/share\"] }\n}\n";
}

std::vector<Event> hostileEvents(const std::vector<std::string>& texts, std::uint64_t first)
{
    std::vector<Event> events;
    for (std::uint64_t i = 0; i < 40; ++i) {
        const std::string& text = texts[(first + i) % texts.size()];
        Event event = makeEvent(static_cast<std::int32_t>(100 + i % 7), i % 3, 99,
                                i % 3 == 0 ? EventVerdict::denied : EventVerdict::allowed, "/secret/" + text);
        event.processName = text.substr(0, 200);
        event.detail = text.substr(0, 5000);
        event.kind = static_cast<EventKind>((first + i) % 20);
        events.push_back(std::move(event));
    }
    return events;
}

}  // namespace

void Monkey::makeFiles()
{
    const std::vector<std::string> texts = corpus();
    for (const ProfileTemplate& each : profileTemplates()) {
        m_profiles << m_folder + u"/%1.json"_s.arg(QString::fromStdString(std::string(each.name)));
        write(m_profiles.back(), std::string(each.text));
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        m_profiles << m_folder + u"/hostile%1.json"_s.arg(i);
        write(m_profiles.back(), i % 3 == 2 ? texts[i] : profileWith(texts[i]));
    }
    for (int i = 0; i < 6; ++i) {
        m_recordings << m_folder + u"/recording%1.belljar"_s.arg(i);
        RecordingHeader header;
        header.sessionId = "00112233445566aa";
        header.argv = {texts[static_cast<std::size_t>(i)], "x"};
        header.profileText = profileWith(texts[static_cast<std::size_t>(i)]);
        header.rules = rules();
        std::vector<Event> events;
        for (std::uint64_t part = 0; part < 40; ++part)
            for (Event& event : hostileEvents(texts, part)) events.push_back(std::move(event));
        std::uint64_t sequence = 0;
        for (Event& event : events) {
            ++sequence;
            event.sequence = sequence + (sequence > 700 ? 30 : 0);
            event.timeNs = static_cast<std::int64_t>(sequence) * 1'000'000;
        }
        auto writer = RecordingWriter::create(m_recordings.back().toStdString(), header);
        if (!writer.ok() || !(*writer)->append(events).ok() || !(*writer)->finish(Outcome{}, Losses{}).ok())
            qFatal("no recording can be made");
        if (i < 3) continue;  // The others are damaged.
        QFile file(m_recordings.back());
        if (!file.open(QIODevice::ReadWrite)) qFatal("no recording can be damaged");
        QByteArray bytes = file.readAll();
        for (int damage = 0; damage < 20; ++damage)
            bytes[static_cast<qsizetype>(below(static_cast<std::uint64_t>(bytes.size())))] =
                static_cast<char>(below(256));
        file.seek(0);
        file.write(bytes);
    }
}

void Monkey::openProfile()
{
    const QString path = oneOf(m_profiles);
    say(u"open %1"_s.arg(path));
    m_window->takeDropped(path);
}

void Monkey::openRecording()
{
    const QString path = oneOf(m_recordings);
    say(u"open %1"_s.arg(path));
    m_window->openRecording(path);
}

void Monkey::changeFile()
{
    const QString path = below(2) == 0 && !m_window->document().filePath().isEmpty() ? m_window->document().filePath()
                                                                                     : oneOf(m_profiles);
    if (!path.startsWith(m_folder)) return;
    say(u"somebody else changes %1"_s.arg(path));
    if (below(6) == 0) QFile::remove(path);
    else write(path, profileWith("changed " + std::to_string(m_steps)));
}

void Monkey::run()
{
    static const QStringList commands{
        u"true"_s,
        u"ls / /etc; cat /etc/passwd /etc/shadow"_s,
        u"for i in 1 2 3 4 5 6 7 8 9; do cat /nonexistent/$i; done; yes | head -c 300000"_s,
        u"printf '\\033[2J\\033]0;x\\007\\033[31m'; sleep 5"_s,
        u"read a; echo $a; exit 7"_s,
        u"kill -9 $$"_s,
        u"while :; do echo x > /tmp/x; done"_s};
    if (m_window->sessions().running() >= kMostSessions) {
        stopOrClose();
        return;
    }
    const QString command = oneOf(commands);
    say(u"run %1"_s.arg(command));
    m_window->launcher().setCommand(command);
    m_window->run();
    m_session.reset();
}

/// As the engine's bridge would hand them on: a tab that shows no real session takes them.
void Monkey::sendBatch()
{
    static const std::vector<std::string> texts = corpus();
    LivePage& page = m_window->livePage();
    if (m_window->controller().isRunning()) return;
    // A page shows another session when a key or a button has started one, or a recording was opened.
    const bool isOther = m_sessionPage != &page || page.events().total() != m_sent;
    if (!m_session || isOther || below(30) == 0) {
        say(u"a session begins"_s);
        m_session = std::make_unique<Session>();
        m_sessionPage = &page;
        page.startSession(someText());
    }
    std::vector<Event> events = hostileEvents(texts, below(1000));
    // Short ones: the long texts are in the recordings, and memory is not what this looks for.
    for (Event& event : events) {
        event.object.resize(std::min<std::size_t>(event.object.size(), 300));
        event.detail.resize(std::min<std::size_t>(event.detail.size(), 300));
    }
    if (below(10) == 0) m_session->skip(below(100));
    SessionBatch batch;
    batch.events = m_session->add(std::move(events));
    batch.hasEvents = true;
    if (m_steps % 2 == 0) batch.rules = rules();
    batch.output = QByteArray::fromStdString(oneOf(texts)).left(3000);
    if (below(20) == 0) batch.outcome = Outcome{};
    say(u"a batch of events"_s);
    m_sent = batch.events.size();
    page.addBatch(batch);
    if (batch.outcome) m_session.reset();
}

void Monkey::stopOrClose()
{
    say(u"stop"_s);
    if (below(2) == 0) m_window->stopAll();
    else m_window->stop();
    if (m_window->sessions().count() > kMostTabs) m_window->sessions().closeSession(0);
    m_session.reset();
}

/// Only where nothing stands between: what a dialog's loop returns to must be there.
void Monkey::newWindow()
{
    if (m_depth > 1 || QApplication::activeModalWidget() != nullptr || QApplication::activePopupWidget() != nullptr)
        return;
    say(u"a new window"_s);
    openWindow();
}

}  // namespace belljar::test
