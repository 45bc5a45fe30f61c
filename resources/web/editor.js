// The profile editor page: CodeMirror 6 as a view of a text that the application owns.
//
// The application keeps the document, its history and its checks. This page shows them, sends what the user types as
// small changes with a revision number, and asks for the whole text again whenever the two revisions disagree. All data
// comes over the web channel as values; nothing here builds script or markup from it.
import { EditorState, Compartment, Annotation } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter, drawSelection,
         highlightSpecialChars, hoverTooltip } from "@codemirror/view";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting,
         HighlightStyle } from "@codemirror/language";
import { json } from "@codemirror/lang-json";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap, highlightSelectionMatches, openSearchPanel } from "@codemirror/search";
import { tags } from "@lezer/highlight";

const fromApplication = Annotation.define();
const readOnly = new Compartment();
const darkness = new Compartment();
const fontSize = new Compartment();

let bridge = null;
let revision = 0;
let view = null;

function reportChange(update) {
  if (!bridge || !update.docChanged || update.transactions.some((t) => t.annotation(fromApplication))) return;
  const changes = [];
  update.changes.iterChanges((from, to, _fromNew, _toNew, inserted) => {
    changes.push({ from, to, insert: inserted.toString() });
  });
  bridge.docChanged(revision, JSON.stringify(changes));
  revision += 1;
}

function reportCursor(update) {
  if (bridge && (update.selectionSet || update.docChanged)) bridge.cursor(update.state.selection.main.head);
}

/// Undo order is one line over form and text, so the history is the application's.
function forward(kind) {
  return () => {
    if (bridge) bridge.request(kind);
    return true;
  };
}

/// Questions to the application's engine, which knows the schema; the answers come as JSON, or as nothing.
const questions = new Map();
let lastQuestion = 0;

function ask(kind, position) {
  if (!bridge) return Promise.resolve(null);
  lastQuestion += 1;
  const id = lastQuestion;
  bridge.request(`${kind} ${id} ${position}`);
  return new Promise((resolve) => { questions.set(id, resolve); });
}

function answered(id, json) {
  const resolve = questions.get(id);
  questions.delete(id);
  if (resolve) resolve(json === "" ? null : JSON.parse(json));
}

async function complete(context) {
  if (!context.explicit && !context.matchBefore(/"[^"\n]*$/)) return null;
  const answer = await ask("complete", context.pos);
  if (!answer || context.aborted) return null;
  return {
    from: answer.from,
    options: answer.items.map((item, index) => ({
      label: item.label, detail: item.detail, info: item.help,
      boost: Math.max(-99, -index),  // In the engine's order, where typing does not prefer another.
      apply: (target) => target.dispatch({
        changes: { from: answer.from, to: Math.max(answer.to, target.state.selection.main.head), insert: item.insert },
        selection: { anchor: answer.from + item.cursor },
      }),
    })),
  };
}

const help = hoverTooltip(async (_view, position) => {
  const answer = await ask("hover", position);
  if (!answer) return null;
  return {
    pos: answer.from, end: answer.to, above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-help";
      dom.textContent = answer.text;
      return { dom };
    },
  };
});

const historyKeys = [
  { key: "Mod-z", run: forward("undo"), preventDefault: true },
  { key: "Mod-y", run: forward("redo"), preventDefault: true },
  { key: "Mod-Shift-z", run: forward("redo"), preventDefault: true },
];

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--key)" },
  { tag: tags.string, color: "var(--string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: "var(--muted)" },
  { tag: tags.invalid, color: "var(--error)", textDecoration: "underline wavy" },
]);

const look = {
  "&": { backgroundColor: "var(--base)", color: "var(--text)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-family, monospace)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted)", borderRight: "1px solid var(--border)" },
  ".cm-activeLine": { backgroundColor: "var(--line)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--line)", color: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--selection)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)", outline: "1px solid var(--accent)" },
  ".cm-specialChar": { color: "var(--error)", outline: "1px solid var(--error)" },
  ".cm-panels, .cm-tooltip": {
    backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--border)",
  },
  ".cm-help": { maxWidth: "40em", padding: "4px 8px", whiteSpace: "pre-wrap" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--selection)", color: "var(--text)" },
  ".cm-completionDetail": { color: "var(--muted)" },
  ".cm-completionInfo": { maxWidth: "30em", whiteSpace: "pre-wrap" },
  ".cm-textfield, .cm-button": {
    backgroundColor: "var(--base)", backgroundImage: "none", color: "var(--text)", border: "1px solid var(--border)",
  },
};

function makeState(text) {
  return EditorState.create({
    doc: text,
    extensions: [
      // Only \n ends a line, so that offsets here are offsets in the application's text.
      EditorState.lineSeparator.of("\n"),
      EditorState.tabSize.of(2),
      indentUnit.of("  "),
      lineNumbers(), foldGutter(), lintGutter(),
      highlightSpecialChars({ addSpecialChars: /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\uffa0]/g }),
      drawSelection(), bracketMatching(), indentOnInput(), highlightActiveLine(), highlightActiveLineGutter(),
      highlightSelectionMatches(), search({ top: true }), json(), help,
      autocompletion({ override: [complete], icons: false }), syntaxHighlighting(colours),
      EditorView.theme(look), darkness.of(EditorView.darkTheme.of(false)),
      fontSize.of(EditorView.theme({ "&": { fontSize: "13px" } })),
      readOnly.of(EditorState.readOnly.of(false)),
      EditorView.contentAttributes.of({ "aria-label": "Profile text, JSON. Escape, then Tab leaves the editor." }),
      // Every line runs left to right, whatever characters it holds.
      EditorView.perLineTextDirection.of(false),
      EditorView.domEventHandlers({
        beforeinput(event) {
          if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return false;
          event.preventDefault();
          return forward(event.inputType === "historyUndo" ? "undo" : "redo")();
        },
        drop(event) {  // Files are the application's business.
          if (!event.dataTransfer || event.dataTransfer.files.length === 0) return false;
          event.preventDefault();
          return true;
        },
      }),
      keymap.of([...historyKeys, ...completionKeymap, ...searchKeymap, ...lintKeymap, ...foldKeymap, ...defaultKeymap, indentWithTab]),
      EditorView.updateListener.of((update) => { reportChange(update); reportCursor(update); }),
    ],
  });
}

function setDoc(newRevision, text) {
  revision = newRevision;
  const position = Math.min(view.state.selection.main.head, text.length);
  view.setState(makeState(text));
  applyTheme(theme);
  view.dispatch({ selection: { anchor: position } });
}

function applyChanges(newRevision, changes) {
  if (newRevision !== revision + 1) {
    bridge.ready();
    return;
  }
  revision = newRevision;
  view.dispatch({ changes: JSON.parse(changes), annotations: fromApplication.of(true), scrollIntoView: false });
}

function showDiagnostics(list) {
  const length = view.state.doc.length;
  const clamp = (value) => Math.max(0, Math.min(length, value));
  view.dispatch(setDiagnostics(view.state, JSON.parse(list).map((d) => ({
    from: clamp(d.from), to: clamp(d.to), severity: d.severity, message: d.message,
  }))));
}

let theme = "{}";
function applyTheme(tokens) {
  theme = tokens;
  const values = JSON.parse(tokens);
  for (const [name, value] of Object.entries(values.colours ?? {})) {
    document.documentElement.style.setProperty(`--${name}`, value);
  }
  document.documentElement.style.colorScheme = values.dark ? "dark" : "light";
  view.dispatch({
    effects: [
      darkness.reconfigure(EditorView.darkTheme.of(values.dark === true)),
      // As a theme, so that the editor measures its lines again.
      fontSize.reconfigure(EditorView.theme({ "&": { fontSize: `${Number(values.fontSize) || 13}px` } })),
    ],
  });
}

function goTo(position) {
  const anchor = Math.max(0, Math.min(view.state.doc.length, position));
  const line = view.state.doc.lineAt(anchor);
  view.dispatch({
    selection: { anchor: line.to, head: anchor },
    effects: EditorView.scrollIntoView(anchor, { y: "center" }),
  });
  view.focus();
}

view = new EditorView({ state: makeState(""), parent: document.getElementById("editor") });

new QWebChannel(qt.webChannelTransport, (channel) => {
  bridge = channel.objects.bridge;
  bridge.setDoc.connect(setDoc);
  bridge.applyChanges.connect(applyChanges);
  bridge.setDiagnostics.connect(showDiagnostics);
  bridge.setTheme.connect(applyTheme);
  bridge.goTo.connect(goTo);
  bridge.answer.connect(answered);
  bridge.find.connect(() => openSearchPanel(view));
  bridge.ready();
});
