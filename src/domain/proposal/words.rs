//! The closed vocabularies of the procedure: papers, states, steps. Holds no order of them.

use crate::domain::wording::vocabulary;

vocabulary! {
    /// What is adopted.
    Paper {
        /// The rule set (积分细则).
        Rules = "rules", "积分细则", "rule set";
        /// The village compact (村规民约).
        Compact = "compact", "村规民约", "village compact";
    }
}

vocabulary! {
    /// Where a proposal stands.
    ProposalState {
        /// Being written, or sent back to be written anew.
        Draft = "draft", "草案", "draft";
        /// Shown to everybody for comment.
        Comment = "comment", "征求意见", "open for comment";
        /// The legality self-check is passed: from here on the text stands.
        Checked = "checked", "合法性自检通过", "legality checked";
        /// The party branch has put it forward.
        Proposed = "proposed", "支部已提议", "put forward by the branch";
        /// The two committees have agreed on it.
        Consulted = "consulted", "两委已商议", "agreed by the two committees";
        /// The party members have examined it.
        Examined = "examined", "党员已审议", "examined by the party members";
        /// The villagers have resolved on it.
        Resolved = "resolved", "村民已决议", "resolved by the villagers";
        /// The decision hangs (first disclosure).
        Disclosed = "disclosed", "决议公开中", "decision on public notice";
        /// With the township.
        Filed = "filed", "已报乡镇备案", "filed with the township";
        /// The township has it on file.
        Accepted = "accepted", "乡镇已备案", "on file with the township";
        /// The result is disclosed (second disclosure): it is in force from its day on.
        Announced = "announced", "结果已公开", "result disclosed";
        /// Repealed by order of the township. Final.
        Repealed = "repealed", "已废止", "repealed";
        /// A meeting voted it down. Final; nothing is deleted.
        Rejected = "rejected", "表决未通过", "voted down";
        /// Taken back before the villagers resolved on it. Final.
        Withdrawn = "withdrawn", "已撤回", "withdrawn";
    }
}

impl ProposalState {
    /// Whether nothing more of the procedure is to come.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Announced | Self::Repealed | Self::Rejected | Self::Withdrawn)
    }
}

vocabulary! {
    /// A step that was taken, as it is kept for ever.
    Step {
        /// Begun.
        Draft = "draft", "起草", "drafted";
        /// The text was changed.
        Change = "change", "修改文本", "text changed";
        /// Opened for comment.
        Comment = "comment", "征求意见", "opened for comment";
        /// Checked against the hard lines of the law.
        Check = "check", "合法性自检", "legality check";
        /// The party branch's meeting.
        Branch = "branch", "支部提议", "party branch";
        /// The two committees' meeting.
        Committees = "committees", "两委商议", "two committees";
        /// The party members' meeting.
        Members = "members", "党员审议", "party members";
        /// The villagers' meeting.
        Assembly = "assembly", "村民决议", "villagers' meeting";
        /// The decision put on notice.
        Disclose = "disclose", "决议公开", "decision disclosed";
        /// An objection to the decision was right: it is written anew.
        Uphold = "uphold", "异议成立，退回重议", "objection upheld";
        /// Sent to the township.
        File = "file", "报乡镇备案", "filed";
        /// Taken on file.
        Accept = "accept", "乡镇备案", "taken on file";
        /// Sent back by the township.
        Return = "return", "乡镇退回", "sent back by the township";
        /// The result made public.
        Announce = "announce", "实施结果公开", "result disclosed";
        /// Repealed.
        Repeal = "repeal", "责令废止", "repealed by order";
        /// Taken back.
        Withdraw = "withdraw", "撤回", "withdrawn";
    }
}
