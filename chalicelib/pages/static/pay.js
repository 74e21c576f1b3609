// Paying: leads on to the provider, and hands WeChat what it asks the payer to confirm.

const beside = (name) => document.querySelector(`[data-${name}]`);

// Inside WeChat its bridge asks the payer to confirm; what it answers is no proof, so the shop is asked afterwards.
function confirmInWeChat(button) {
  const failed = beside("failed");
  const answered = (answer) => {
    if (answer.err_msg === "get_brand_wcpay_request:ok") {
      location.replace(button.dataset.back);
      return;
    }
    button.disabled = false;
    failed.hidden = answer.err_msg === "get_brand_wcpay_request:cancel";
  };
  const call = () => WeixinJSBridge.invoke("getBrandWCPayRequest", JSON.parse(button.dataset.bridge), answered);
  button.disabled = true;
  failed.hidden = true;
  if (window.WeixinJSBridge) call();
  else document.addEventListener("WeixinJSBridgeReady", call, { once: true });
}

const bridge = beside("bridge");
if (bridge) bridge.addEventListener("click", () => confirmInWeChat(bridge));

// Whoever has just pressed "pay" is led on without a second tap. Coming back by the browser's own button, they are not.
if (beside("go")) {
  history.replaceState(null, "", location.pathname);
  if (bridge) confirmInWeChat(bridge);
  else if (beside("onward")) location.assign(beside("onward").href);
}
