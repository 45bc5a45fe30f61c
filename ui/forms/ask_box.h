// A line to ask the policy: what may the program do with a path, or may it reach an address, and which line says so.
#pragma once

#include <QWidget>

#include <string>

#include "core/engine/questions.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace belljar {

class ProfileAnalysis;

/// "read: allowed: RULE": what may be done, without the path, which is asked about.
[[nodiscard]] QString answerLine(const Answer& answer);

class AskBox : public QWidget {
    Q_OBJECT

public:
    enum class About { path, address };

    AskBox(ProfileAnalysis& analysis, About about, QWidget* parent = nullptr);

signals:
    /// The user wants to see where the rule that decided stands.
    void showInText(const std::string& pointer);

private:
    void ask();
    void askPath(const std::string& typed);
    void askAddress(const std::string& typed);

    ProfileAnalysis& m_analysis;
    About m_about;
    QLineEdit* m_question;
    QLabel* m_answer;
    QPushButton* m_show;
    std::string m_rule;  ///< Pointer of the rule that decided.
};

}  // namespace belljar
