// The profile on each containment of each system: what is enforced, accepted, without effect or refused, and why.
#pragma once

#include <QWidget>

class QLabel;
class QTableWidget;

namespace belljar {

class ProfileAnalysis;
class ProfileDocument;

class SystemsPane : public QWidget {
    Q_OBJECT

public:
    SystemsPane(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void explain();

    ProfileDocument& m_document;
    ProfileAnalysis& m_analysis;
    QTableWidget* m_table;
    QLabel* m_why;
};

}  // namespace belljar
