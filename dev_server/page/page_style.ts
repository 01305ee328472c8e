/**
 * The page's style sheet.
 * @module
 */

/** Light and dark as the system is set, from 320 pixels up. */
export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --back: #f4f5f7;
  --panel: #ffffff;
  --text: #1b1d22;
  --faint: #565b66;
  --line: #c9cdd5;
  --field: #7b818d;
  --accent: #3451b2;
  --on-accent: #ffffff;
  --own: #e3e9fb;
  --bad: #a8200d;
  --good: #1b6b35;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #15171b;
    --panel: #1e2126;
    --text: #e7e9ee;
    --faint: #a9afbb;
    --line: #383d47;
    --field: #7d8491;
    --accent: #a5b8ff;
    --on-accent: #12172a;
    --own: #263053;
    --bad: #ff9d8c;
    --good: #8bd8a4;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { margin: 0; height: 100%; }
body {
  background: var(--back);
  color: var(--text);
  font: 1rem/1.45 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.15rem; }
p { margin: 0; }
button, input, textarea { font: inherit; color: inherit; }
input, textarea {
  min-width: 0;
  padding: 0.45rem 0.6rem;
  border: 1px solid var(--field);
  border-radius: 6px;
  background: var(--panel);
}
[aria-invalid="true"] { border-color: var(--bad); }
button {
  min-height: 2.25rem;
  padding: 0.35rem 0.9rem;
  border: 1px solid var(--accent);
  border-radius: 6px;
  background: var(--accent);
  color: var(--on-accent);
  cursor: pointer;
}
button.quiet { border-color: var(--field); background: transparent; color: inherit; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
bdi, .content, .notice { overflow-wrap: anywhere; }
.problem { color: var(--bad); }
.good { color: var(--good); }

.center { max-width: 26rem; margin: 12vh auto 0; padding: 1rem; }
.center h1 { font-size: 1.5rem; }
.center > * + * { margin-top: 1rem; }
#login-form { display: grid; gap: 0.5rem; }
label { font-weight: 600; }

#chat {
  display: grid;
  grid-template-rows: auto minmax(0, 1fr);
  max-width: 60rem;
  height: 100vh;
  height: 100dvh;
  margin: 0 auto;
  background: var(--panel);
}
header {
  display: grid;
  grid-template-columns: 1fr auto;
  gap: 0.4rem 1.5rem;
  padding: 0.6rem 1rem;
  border-bottom: 1px solid var(--line);
}
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 0.75rem; }
header .row:first-child { grid-column: 1 / -1; }
#account { margin-left: auto; color: var(--faint); }
.state { color: var(--faint); }
.status::before {
  content: "";
  display: inline-block;
  width: 0.65rem;
  height: 0.65rem;
  margin-right: 0.4rem;
  border: 2px solid var(--bad);
  border-radius: 50%;
}
.status[data-kind="connected"]::before { border-color: var(--good); background: var(--good); }
#name { width: 11rem; }
#name-outcome { color: var(--good); }
#name-outcome[data-state="over"] { color: var(--bad); }

#chat > main { display: grid; grid-template-rows: minmax(0, 1fr) auto; min-height: 0; }
#pane { position: relative; min-height: 0; }
#log { height: 100%; overflow-y: auto; padding: 0.5rem 1rem; outline-offset: -3px; }
#messages {
  display: flex;
  flex-direction: column;
  gap: 0.5rem;
  margin: 0;
  padding: 0;
  list-style: none;
}
.message {
  align-self: flex-start;
  max-width: min(46rem, 88%);
  padding: 0.4rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 10px;
  contain: paint;
}
.own { align-self: flex-end; border-color: transparent; background: var(--own); }
.failed { border-color: var(--bad); }
.head { color: var(--faint); font-size: 0.85rem; }
.who { color: var(--text); font-weight: 600; }
.content { white-space: pre-wrap; unicode-bidi: isolate; }
.notice { align-self: center; color: var(--faint); font-size: 0.85rem; text-align: center; }
#jump { position: absolute; bottom: 0.75rem; left: 50%; translate: -50%; }

#composer {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: 0.3rem 0.6rem;
  padding: 0.6rem 1rem;
  border-top: 1px solid var(--line);
}
#composer > label, #composer > p { grid-column: 1 / -1; }
#composer > p { font-size: 0.85rem; }
#composer > p:empty { display: none; }
#text { field-sizing: content; max-height: 22vh; resize: none; }
#composer > button { align-self: end; }
#keys { display: flex; flex-wrap: wrap; gap: 0 1rem; color: var(--faint); }
#counter { margin-left: auto; font-variant-numeric: tabular-nums; }
#counter[data-state="near"], #counter[data-state="over"] { color: var(--bad); font-weight: 600; }

@media (max-width: 40rem) {
  header { grid-template-columns: 1fr; padding: 0.5rem 0.75rem; }
  #account { order: 3; width: 100%; margin: 0; font-size: 0.85rem; }
  #logout { margin-left: auto; }
  #name { flex: 1; width: auto; min-width: 7rem; }
  .message { max-width: 94%; }
  #log, #composer { padding-inline: 0.75rem; }
}
`;
