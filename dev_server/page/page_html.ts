/**
 * The page's HTML. It contains no text from outside: the script fills in the rest.
 * @module
 */

/** The whole document. */
export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Roomz development server</title>
<link rel="icon" href="/page/icon.svg">
<link rel="stylesheet" href="/page/chat.css">
<script src="/page/socket.io.js" defer></script>
<script src="/page/chat.js" defer></script>
</head>
<body>
<noscript><p class="center">This page needs JavaScript.</p></noscript>

<main id="checking" class="center"><h1>Roomz</h1><p>Checking the login…</p></main>

<main id="login" class="center" hidden>
<h1>Log in to Roomz</h1>
<p>This is a development server. It keeps everything in memory and sends no email.</p>
<form id="login-form">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="email" required
  aria-describedby="login-problem login-outcome">
<button>Request magic link</button>
</form>
<p id="login-problem" class="problem" role="alert"></p>
<p id="login-outcome" class="good" role="status"></p>
</main>

<div id="chat" hidden>
<header>
<div class="row">
<h1>Roomz</h1>
<bdi id="account"></bdi>
<button id="logout" type="button" class="quiet">Log out</button>
</div>
<div class="row state">
<span id="status" class="status">Not connected</span>
<button id="retry" type="button" class="quiet" hidden>Try now</button>
<span id="connections">Connections: unknown</span>
</div>
<form id="name-form" class="row">
<label for="name">Display name</label>
<input id="name" autocomplete="nickname" placeholder="none" aria-describedby="name-outcome">
<button class="quiet">Set</button>
<span id="name-outcome" role="status"></span>
</form>
</header>

<main>
<div id="pane">
<div id="log" role="log" aria-label="Messages" tabindex="0"><ol id="messages"></ol></div>
<button id="jump" type="button" hidden>New messages ↓</button>
</div>
<form id="composer">
<label for="text">Message</label>
<textarea id="text" rows="2" aria-describedby="keys limit"></textarea>
<button>Send</button>
<p id="keys">Enter sends, Shift+Enter starts a new line. <span id="counter"></span></p>
<p id="limit" class="problem" role="status"></p>
<p id="announcement" class="problem" role="alert"></p>
</form>
</main>
</div>
</body>
</html>
`;

/** The icon in the browser's tab. */
export const PAGE_ICON =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#3451b2" d="M2 2h12v9H7l-3 3v-3H2z"/></svg>
`;
