// A headless Chromium with a profile of its own. It talks to nobody but the servers under test.

import { chromium } from "playwright-core";

const QUIET = [
  "--no-sandbox", // Chromium refuses to run as root with its sandbox.
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Reads what the test wants to happen from the command line, lets `play(page, wanted)` do it and
// prints what it returns as JSON. What goes wrong is told with the page that was open then.
export async function perform(play) {
  const wanted = JSON.parse(process.argv[2]);
  const context = await chromium.launchPersistentContext(wanted.profile, {
    executablePath: "/usr/bin/chromium",
    args: QUIET,
  });
  context.setDefaultTimeout(60_000);
  const page = context.pages()[0];
  try {
    await context.addCookies((wanted.planted ?? []).map((cookie) => planted(cookie, wanted.url)));
    console.log(JSON.stringify(await play(page, wanted)));
  } catch (error) {
    console.error(`at ${page.url()}: ${error.stack}\n\n${await page.content()}`);
    process.exitCode = 1;
  } finally {
    await context.close();
  }
}

// A cookie as somebody with a foothold on the network or a sister site would plant it.
function planted({ name, value }, url) {
  return { name, value, url, secure: true, httpOnly: name.startsWith("__Host-Http-") };
}

// Opens an address and waits for everything on the page: images run background work in some
// applications, and each is an exchange that the test counts.
export async function open(page, url) {
  const answer = await page.goto(url, { waitUntil: "networkidle" });
  return answer.status();
}

// Clicks and waits for the page that it leads to; its status.
export async function click(page, selector) {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => isPage(response, page)),
    page.click(selector),
  ]);
  await page.waitForLoadState("networkidle");
  return answer.status();
}

function isPage(response, page) {
  const request = response.request();
  const isMain = request.isNavigationRequest() && request.frame() === page.mainFrame();
  return isMain && (response.status() < 300 || response.status() >= 400);
}
