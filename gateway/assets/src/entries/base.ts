// Every page loads this. Nothing of a page needs it: it makes what works without it more comfortable.
import { createAll, Button, CharacterCount, ErrorSummary, PasswordInput, Radios, Checkboxes } from "govuk-frontend";
import htmx from "htmx.org";

document.documentElement.classList.add("js");
document.body.classList.add("js-enabled", "govuk-frontend-supported");

const english = document.documentElement.lang === "en";
createAll(Button, { preventDoubleClick: true });
createAll(ErrorSummary);
createAll(Radios);
createAll(Checkboxes);
createAll(PasswordInput, english ? {} : {
  i18n: {
    showPassword: "显示", hidePassword: "隐藏",
    showPasswordAriaLabel: "显示密码", hidePasswordAriaLabel: "隐藏密码",
    passwordShownAnnouncement: "密码已显示", passwordHiddenAnnouncement: "密码已隐藏",
  },
});
createAll(CharacterCount, english ? {} : {
  i18n: {
    charactersUnderLimit: { other: "还可输入 %{count} 个字" },
    charactersAtLimit: "字数已满",
    charactersOverLimit: { other: "超出 %{count} 个字" },
  },
});

// a strict Content-Security-Policy: no style that is written by a script, no evaluated text
Object.assign(htmx.config, { includeIndicatorStyles: false, allowEval: false, selfRequestsOnly: true });

for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const field of document.querySelectorAll<HTMLSelectElement>("select[data-submit]")) {
  field.addEventListener("change", () => field.form?.requestSubmit());
}
