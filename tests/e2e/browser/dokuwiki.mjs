// What a person does with DokuWiki. It only acts and reports; the Python test beside it judges.
//
// `wanted.steps` names the steps, each one of the functions below. The report has one entry per
// step: what it returned, the page's status, and all cookies that the browser then holds.

import { click, open, perform } from "./chromium.mjs";

const LOGIN_FORM = "#dw__login";

const STEPS = {
  async visit(page, { url }) {
    return { status: await open(page, `${url}/doku.php?id=start`) };
  },

  async logIn(page, { url, user, password }) {
    return { status: await submitLogin(page, url, user, password) };
  },

  async failToLogIn(page, { url, user }) {
    return { status: await submitLogin(page, url, user, "not the password") };
  },

  async edit(page, { url, text }) {
    await open(page, `${url}/doku.php?id=start&do=edit`);
    await page.fill("#wiki__text", text);
    return { status: await click(page, "#edbtn__save") };
  },

  async logOut(page, { url }) {
    await open(page, `${url}/doku.php?id=start`);
    return { status: await click(page, ".action.logout a") };
  },

  async readHeaders(page, { url }) {
    await open(page, `${url}/headers.php`);
    return { headers: JSON.parse(await page.textContent("body")) };
  },
};

async function submitLogin(page, url, user, password) {
  await open(page, `${url}/doku.php?id=start&do=login`);
  await page.fill(`${LOGIN_FORM} input[name=u]`, user);
  await page.fill(`${LOGIN_FORM} input[name=p]`, password);
  return click(page, `${LOGIN_FORM} button[type=submit]`);
}

async function observe(page, step, result) {
  return {
    step,
    ...result,
    text: await page.innerText("body"),
    user: await page.locator("#dokuwiki__usertools .user").allInnerTexts(),
    cookies: await page.context().cookies(),
  };
}

await perform(async (page, wanted) => {
  const report = [];
  for (const step of wanted.steps) {
    report.push(await observe(page, step, await STEPS[step](page, wanted)));
  }
  return report;
});
