// The only object that the editor page can reach. Its slots can change the text, ask for undo or redo, and nothing
// else: no slot runs, saves, opens or exports.
#pragma once

#include <QObject>
#include <QString>

#include <vector>

#include "core/config/config_io.h"

namespace belljar {

class ProfileDocument;

class WebBridge : public QObject {
    Q_OBJECT

public:
    static constexpr qsizetype kLongestMessage = 8 * 1024 * 1024;  ///< UTF-16 units; longer ones are refused.

    explicit WebBridge(ProfileDocument& document, QObject* parent = nullptr);

    [[nodiscard]] qsizetype cursorUnit() const { return m_cursor; }
    void sendText();
    void sendEdit(const TextEdit& change, QObject* origin);

public slots:
    /// The page has changed the text that it had at `revision`. `changes`: [{from, to, insert}], ascending, in UTF-16
    /// units of the text before all of them. Anything that does not fit makes the page take the whole text again.
    void docChanged(int revision, const QString& changes);
    void cursor(int unit);
    /// "undo", "redo"; "complete ID UNIT" and "hover ID UNIT" ask about a place of the text and are answered.
    void request(const QString& kind);
    /// The page is there, or has lost track: it gets the whole text.
    void ready();

signals:
    // To the page.
    void setDoc(int revision, const QString& text);
    void applyChanges(int revision, const QString& changes);
    void setDiagnostics(const QString& list);
    void setTheme(const QString& tokens);
    void goTo(int unit);
    void find();
    /// JSON, or "" for nothing.
    void answer(int id, const QString& json);
    // To the widget.
    void pageReady();
    void cursorMoved();

private:
    bool apply(const QString& changes);
    void help(const QString& kind, int id, qsizetype unit);

    ProfileDocument& m_document;
    QString m_mirror;  ///< What the page has.
    int m_revision = 0;
    qsizetype m_cursor = 0;
    bool m_connected = false;
};

}  // namespace belljar
