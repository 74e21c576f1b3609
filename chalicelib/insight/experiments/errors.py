"""What keeps an experiment from being set up, started, changed or shown."""

from chalicelib.kernel.errors import Conflict, Invalid


class SharesDoNotSum(Invalid):
    """The shares of the arms do not make up the whole."""

    code, title, title_zh = "shares_do_not_sum", "The shares do not add up to 1", "各分组占比之和不为 1"


class ExperimentKeyTaken(Conflict):
    """The brand has an experiment with this key already."""

    code, title, title_zh = "experiment_key_taken", "The key is used", "实验标识已被使用"


class ExperimentStarted(Conflict):
    """Arms, shares, metric, method and horizon are fixed once an experiment has started."""

    code, title, title_zh = "experiment_started", "The experiment has started", "实验已开始"


class ExperimentNotRunning(Conflict):
    """What is asked for needs an experiment that runs, or has run."""

    code, title, title_zh = "experiment_not_running", "The experiment does not run", "实验未在运行"


class HorizonPassed(Invalid):
    """The day of the verdict has come already, or comes before anything can be known."""

    code, title, title_zh = "horizon_passed", "The day of the verdict is too early", "出结论日期过早"


class TooFewForTest(Invalid):
    """So few people tell nothing: chance alone would decide."""

    code, title, title_zh = "too_few_for_test", "Too few people for a test", "实验人数不足"


class MetricNotLogged(Invalid):
    """The brand records nothing that the metric could be counted from."""

    code, title, title_zh = "metric_not_logged", "Nothing is recorded for this metric", "该指标暂无数据"


class TooManyRunning(Conflict):
    """The brand runs as many experiments as there may be."""

    code, title, title_zh = "too_many_experiments", "There are too many experiments", "运行中的实验过多"
