// What a person does with phpMyAdmin, most of which its scripts do for her. The Python test judges.
//
// `wanted.steps` names the steps, each one of the functions below. The report has one entry per
// step: what it returned, the page's text, and all cookies that the browser then holds.

import { click, open, perform } from "./chromium.mjs";

const EDITOR = ".CodeMirror.cm-s-default"; // The other one is the console at the bottom.

const STEPS = {
  async visit(page, { url }) {
    return { status: await open(page, `${url}/`) };
  },

  async failToLogIn(page, { url, user }) {
    return { status: await submitLogin(page, url, user, "not the password") };
  },

  async logIn(page, { url, user, password }) {
    return { status: await submitLogin(page, url, user, password) };
  },

  async write(page, { url, statement }) {
    await open(page, `${url}/index.php?route=/server/sql`);
    await page.locator(EDITOR).evaluate((editor, text) => editor.CodeMirror.setValue(text), statement);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().includes("route=/import")),
      page.click("#button_submit_query"),
    ]);
    await page.waitForSelector(".alert-success");
    return { status: answer.status() };
  },

  async logOut(page, { url }) {
    await open(page, `${url}/index.php?route=/`);
    return { status: await click(page, "a.logout") };
  },
};

async function submitLogin(page, url, user, password) {
  await open(page, `${url}/`);
  await page.fill("#input_username", user);
  await page.fill("#input_password", password);
  return click(page, "#input_go");
}

await perform(async (page, wanted) => {
  const report = [];
  for (const step of wanted.steps) {
    const result = await STEPS[step](page, wanted);
    const text = await page.innerText("body");
    report.push({ step, ...result, text, cookies: await page.context().cookies() });
  }
  return report;
});
