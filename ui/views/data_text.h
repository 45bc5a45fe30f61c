// Shows data that may be long and hostile: plain text, selectable, wrapped anywhere, as high as it needs up to a limit.
#pragma once

#include <QPlainTextEdit>

namespace belljar {

class DataText : public QPlainTextEdit {
    Q_OBJECT

public:
    /// `mostLines`: from there on it scrolls.
    explicit DataText(int mostLines, QWidget* parent = nullptr);

    void setText(const QString& text);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitHeight();

    int m_mostLines;
};

}  // namespace belljar
